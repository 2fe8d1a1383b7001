"""The official Anthropic SDK for Python."""

import anthropic
import pytest

HELLO = {"model": "demo", "max_tokens": 400, "messages": [{"role": "user", "content": "Say hello"}]}
WEATHER = {
    "name": "get_weather",
    "description": "Tells the weather",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def test_messages(anthropic_client):
    message = anthropic_client.messages.create(**HELLO)
    assert message.stop_reason == "end_turn"
    assert "Say hello" in message.content[0].text
    assert message.usage.input_tokens > 0 and message.usage.output_tokens > 0


def test_stream(anthropic_client):
    whole = anthropic_client.messages.create(**HELLO)
    with anthropic_client.messages.stream(**HELLO) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == final.content[0].text == whole.content[0].text
    assert final.usage.output_tokens == whole.usage.output_tokens
    assert final.stop_reason == "end_turn"


@pytest.mark.parametrize("stream", [False, True])
def test_tool_loop(anthropic_client, stream):
    asked = [{"role": "user", "content": "What is the weather in Paris?"}]
    ask = {**HELLO, "model": "demo-tool", "messages": asked, "tools": [WEATHER]}
    if stream:
        with anthropic_client.messages.stream(**ask) as events:
            message = events.get_final_message()
    else:
        message = anthropic_client.messages.create(**ask)
    assert message.stop_reason == "tool_use"
    [call] = [block for block in message.content if block.type == "tool_use"]
    assert call.name == "get_weather" and "city" in call.input
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "17 degrees and windy"}
    followed = asked + [
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in message.content]},
        {"role": "user", "content": [result]},
    ]
    message = anthropic_client.messages.create(**{**HELLO, "messages": followed, "tools": [WEATHER]})
    assert "17 degrees and windy" in message.content[0].text


def test_thinking(anthropic_client):
    ask = {**HELLO, "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}, "model": "demo-thinking"}
    message = anthropic_client.messages.create(**ask)
    assert [block.type for block in message.content] == ["thinking", "text"]
    with anthropic_client.messages.stream(**ask) as stream:
        final = stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert final.content[0].thinking and final.content[0].signature


def test_count_tokens(anthropic_client):
    short = anthropic_client.messages.count_tokens(model="demo", messages=HELLO["messages"])
    long = anthropic_client.messages.count_tokens(
        model="demo", messages=[{"role": "user", "content": "Say hello to all of them"}]
    )
    assert 0 < short.input_tokens < long.input_tokens


def test_models(anthropic_client):
    names = [model.id for model in anthropic_client.models.list()]
    assert "demo" in names
    assert anthropic_client.models.retrieve("demo").display_name == "demo"


@pytest.mark.parametrize(
    ("model", "error", "kind"),
    [
        ("demo-error-429", anthropic.RateLimitError, "rate_limit_error"),
        ("demo-error", anthropic.InternalServerError, "api_error"),
        ("nonesuch", anthropic.NotFoundError, "not_found_error"),
    ],
)
def test_errors_are_typed(anthropic_client, model, error, kind):
    with pytest.raises(error) as raised:
        anthropic_client.messages.create(**{**HELLO, "model": model})
    assert raised.value.body["error"]["type"] == kind


def test_a_fault_of_the_caller_is_typed(anthropic_client):
    with pytest.raises(anthropic.BadRequestError):
        anthropic_client.messages.create(**{**HELLO, "messages": [{"role": "user", "content": "[[error:400]]"}]})


def test_a_wrong_key_is_typed(url):
    client = anthropic.Anthropic(base_url=url, api_key="nobody", max_retries=0)
    with pytest.raises(anthropic.AuthenticationError):
        client.messages.create(**HELLO)


def test_a_broken_stream_raises(anthropic_client):
    with pytest.raises(anthropic.APIStatusError) as raised:
        with anthropic_client.messages.stream(**{**HELLO, "model": "demo-cut"}) as stream:
            for _ in stream.text_stream:
                pass
    assert "broke off" in str(raised.value)
