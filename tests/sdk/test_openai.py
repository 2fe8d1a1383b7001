"""The official OpenAI SDK for Python."""

import io
import json

import openai
import pytest
from pydantic import BaseModel

HELLO = [{"role": "user", "content": "Say hello"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


def test_chat(openai_client):
    answer = openai_client.chat.completions.create(model="demo", messages=HELLO)
    assert answer.choices[0].finish_reason == "stop"
    assert "Say hello" in answer.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0


def test_chat_headers(openai_client):
    raw = openai_client.chat.completions.with_raw_response.create(model="demo", messages=HELLO)
    assert raw.headers["x-roundhouse-provider"] == "demo"
    assert raw.headers["x-roundhouse-attempts"] == "1"
    assert raw.parse()._request_id == raw.headers["x-request-id"]


def test_chat_stream_with_usage(openai_client):
    whole = openai_client.chat.completions.create(model="demo", messages=HELLO)
    stream = openai_client.chat.completions.create(
        model="demo", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices == [] and chunks[-1].usage == whole.usage
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"


@pytest.mark.parametrize("stream", [False, True])
def test_tool_loop(openai_client, stream):
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    ask = {"model": "demo-tool", "tools": [WEATHER]}
    if stream:
        with openai_client.chat.completions.stream(messages=messages, **ask) as events:
            message = events.get_final_completion().choices[0].message
    else:
        answer = openai_client.chat.completions.create(messages=messages, **ask)
        assert answer.choices[0].finish_reason == "tool_calls"
        message = answer.choices[0].message
    [call] = message.tool_calls
    assert call.function.name == "get_weather"
    assert "city" in json.loads(call.function.arguments)
    messages.append(message.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": "17 degrees and windy"})
    answer = openai_client.chat.completions.create(model="demo", messages=messages, tools=[WEATHER])
    assert answer.choices[0].finish_reason == "stop"
    assert "17 degrees and windy" in answer.choices[0].message.content


class Person(BaseModel):
    name: str
    age: int
    tags: list[str]


def test_structured_output(openai_client):
    answer = openai_client.chat.completions.parse(model="demo", messages=HELLO, response_format=Person)
    person = answer.choices[0].message.parsed
    assert isinstance(person, Person)
    response = openai_client.responses.parse(model="demo", input="A person", text_format=Person)
    assert isinstance(response.output_parsed, Person)


def test_responses(openai_client):
    response = openai_client.responses.create(model="demo", input="Say hello")
    assert response.status == "completed"
    assert "Say hello" in response.output_text
    assert response.usage.total_tokens > 0


def test_responses_stream(openai_client):
    whole = openai_client.responses.create(model="demo", input="Say hello")
    with openai_client.responses.stream(model="demo", input="Say hello") as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed"
    assert "response.output_text.delta" in kinds
    assert final.output_text == whole.output_text


def test_responses_tools(openai_client):
    tool = {"type": "function", **WEATHER["function"]}
    asked = [{"role": "user", "content": "What is the weather in Paris?"}]
    response = openai_client.responses.create(model="demo-tool", input=asked, tools=[tool])
    [call] = [item for item in response.output if item.type == "function_call"]
    assert call.name == "get_weather"
    followed = asked + [
        {"type": "function_call", "call_id": call.call_id, "name": call.name, "arguments": call.arguments},
        {"type": "function_call_output", "call_id": call.call_id, "output": "17 degrees and windy"},
    ]
    response = openai_client.responses.create(model="demo", input=followed, tools=[tool])
    assert "17 degrees and windy" in response.output_text


def test_embeddings_as_floats_and_base64_are_the_same(openai_client):
    texts = ["one text", "another"]
    floats = openai_client.embeddings.create(model="demo", input=texts, encoding_format="float")
    packed = openai_client.embeddings.create(model="demo", input=texts)
    assert [item.index for item in floats.data] == [0, 1]
    for left, right in zip(floats.data, packed.data):
        assert len(left.embedding) == len(right.embedding) > 100
        assert left.embedding == pytest.approx(right.embedding, abs=1e-6)
    short = openai_client.embeddings.create(model="demo", input="one text", dimensions=64)
    assert len(short.data[0].embedding) == 64


def test_images(openai_client):
    answer = openai_client.images.generate(model="demo", prompt="a house", response_format="b64_json")
    assert answer.data[0].b64_json
    png = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    png.name = "house.png"
    edited = openai_client.images.edit(model="demo", image=png, prompt="a larger house")
    assert edited.data


def test_speech_and_transcription(openai_client):
    speech = openai_client.audio.speech.create(model="demo", voice="alloy", input="Hello", response_format="wav")
    sound = speech.read()
    assert sound[:4] == b"RIFF"
    file = io.BytesIO(sound)
    file.name = "hello.wav"
    assert openai_client.audio.transcriptions.create(model="demo", file=file).text
    file.seek(0)
    assert openai_client.audio.translations.create(model="demo", file=file).text


def test_moderation(openai_client):
    assert not openai_client.moderations.create(model="demo", input="a kind word").results[0].flagged
    assert openai_client.moderations.create(model="demo", input="x [[flag]]").results[0].flagged


def test_completions(openai_client):
    answer = openai_client.completions.create(model="demo", prompt="Once upon a time")
    assert answer.choices[0].text


def test_models(openai_client):
    names = [model.id for model in openai_client.models.list()]
    assert "demo" in names
    assert openai_client.models.retrieve("demo").owned_by == "demo"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (422, openai.UnprocessableEntityError),
        (409, openai.ConflictError),
    ],
)
def test_faults_of_the_caller_are_typed(openai_client, status, error):
    with pytest.raises(error) as raised:
        openai_client.chat.completions.create(
            model="demo", messages=[{"role": "user", "content": f"[[error:{status}]]"}]
        )
    assert raised.value.status_code == status
    assert raised.value.body["message"]


def test_a_rate_limit_is_typed(openai_client):
    with pytest.raises(openai.RateLimitError) as raised:
        openai_client.chat.completions.create(model="demo-error-429", messages=HELLO)
    assert raised.value.body["type"] == "rate_limit_error"


def test_a_failing_provider_is_typed(openai_client):
    with pytest.raises(openai.InternalServerError) as raised:
        openai_client.chat.completions.create(model="demo-error", messages=HELLO)
    assert raised.value.status_code == 502


def test_a_wrong_key_is_typed(openai_client):
    with pytest.raises(openai.AuthenticationError):
        openai_client.with_options(api_key="nobody").models.list()


def test_an_unknown_model_is_typed(openai_client):
    with pytest.raises(openai.NotFoundError) as raised:
        openai_client.chat.completions.create(model="nonesuch", messages=HELLO)
    assert raised.value.code == "model_not_found"


def test_a_broken_stream_raises(openai_client):
    stream = openai_client.chat.completions.create(model="demo-cut", messages=HELLO, stream=True)
    text = ""
    with pytest.raises(openai.APIError) as raised:
        for chunk in stream:
            text += chunk.choices[0].delta.content or ""
    assert text
    assert "broke off" in str(raised.value)
