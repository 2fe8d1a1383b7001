"""The official Google Gen AI SDK for Python."""

import pytest
from google import genai
from google.genai import errors, types


def test_generate(gemini_client):
    answer = gemini_client.models.generate_content(model="demo", contents="Say hello")
    assert "Say hello" in answer.text
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    assert answer.usage_metadata.total_token_count > 0


def test_stream(gemini_client):
    whole = gemini_client.models.generate_content(model="demo", contents="Say hello")
    chunks = list(gemini_client.models.generate_content_stream(model="demo", contents="Say hello"))
    assert len(chunks) > 1
    assert "".join(chunk.text or "" for chunk in chunks) == whole.text


def test_automatic_function_calling(gemini_client):
    asked = []

    def get_weather(city: str) -> str:
        """Tells the weather."""
        asked.append(city)
        return "17 degrees and windy"

    answer = gemini_client.models.generate_content(
        model="demo",
        contents="What is the weather in Paris? Use the tool.",
        config=types.GenerateContentConfig(tools=[get_weather]),
    )
    assert len(asked) == 1
    assert "17 degrees and windy" in answer.text


def test_embed(gemini_client):
    one = gemini_client.models.embed_content(model="demo", contents="one text")
    assert len(one.embeddings) == 1 and len(one.embeddings[0].values) > 100
    two = gemini_client.models.embed_content(model="demo", contents=["one text", "another"])
    assert [len(item.values) for item in two.embeddings] == [len(one.embeddings[0].values)] * 2
    assert two.embeddings[0].values == pytest.approx(one.embeddings[0].values)


def test_count_tokens(gemini_client):
    assert gemini_client.models.count_tokens(model="demo", contents="one two three").total_tokens > 0


def test_models(gemini_client):
    names = [model.name for model in gemini_client.models.list()]
    assert "models/demo" in names
    assert gemini_client.models.get(model="demo").name == "models/demo"


@pytest.mark.parametrize(
    ("model", "error", "code", "status"),
    [
        ("demo-error-429", errors.ClientError, 429, "RESOURCE_EXHAUSTED"),
        ("demo-error", errors.ServerError, 502, "UNAVAILABLE"),
        ("nonesuch", errors.ClientError, 404, "NOT_FOUND"),
    ],
)
def test_errors_are_typed(gemini_client, model, error, code, status):
    with pytest.raises(error) as raised:
        gemini_client.models.generate_content(model=model, contents="hi")
    assert (raised.value.code, raised.value.status) == (code, status)


def test_a_wrong_key_is_typed(url):
    client = genai.Client(api_key="nobody", http_options={"base_url": url})
    with pytest.raises(errors.ClientError) as raised:
        client.models.generate_content(model="demo", contents="hi")
    assert (raised.value.code, raised.value.status) == (401, "UNAUTHENTICATED")
