"""The official SDKs for Python, with models of providers that speak another protocol."""

import base64
import json

import anthropic
import openai
import pytest
from google.genai import errors, types
from pydantic import BaseModel

KINDS = ["anthropic", "gemini", "openai-compatible", "openai-responses"]
QUESTION = "What is the weather in Paris? Use the tool."
RESULT = "17 degrees and windy"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
DATA_URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


class Person(BaseModel):
    name: str
    age: int
    tags: list[str]


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def test_chat(openai_client, kind):
    ask = {"model": f"{kind}/demo", "messages": [{"role": "user", "content": "Say hello"}]}
    whole = openai_client.chat.completions.create(**ask)
    assert "Say hello" in whole.choices[0].message.content
    assert whole.choices[0].finish_reason == "stop" and whole.usage.completion_tokens > 0
    chunks = list(openai_client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens


@pytest.mark.parametrize("stream", [False, True])
def test_chat_tools(openai_client, kind, stream):
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA, "strict": True}}
    messages = [{"role": "user", "content": QUESTION}]
    ask = {"model": f"{kind}/demo", "tools": [tool]}
    if stream:
        with openai_client.chat.completions.stream(messages=messages, **ask) as events:
            choice = events.get_final_completion().choices[0]
    else:
        choice = openai_client.chat.completions.create(messages=messages, **ask).choices[0]
    assert choice.finish_reason == "tool_calls"
    [call] = choice.message.tool_calls
    assert call.function.name == "get_weather" and "city" in json.loads(call.function.arguments)
    messages.append(choice.message.model_dump(exclude_none=True))
    messages.append({"role": "tool", "tool_call_id": call.id, "content": RESULT})
    answer = openai_client.chat.completions.create(messages=messages, **ask)
    assert RESULT in answer.choices[0].message.content


def test_chat_image_and_schema(openai_client, kind):
    content = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": DATA_URL}}]
    answer = openai_client.chat.completions.create(
        model=f"{kind}/demo", messages=[{"role": "user", "content": content}]
    )
    assert "One image" in answer.choices[0].message.content
    # What is no Claude cannot be held to a schema in Messages: it is asked in words, which the demo model does not heed.
    if kind == "anthropic":
        return
    parsed = openai_client.chat.completions.parse(
        model=f"{kind}/demo", messages=[{"role": "user", "content": "A person"}], response_format=Person
    )
    assert isinstance(parsed.choices[0].message.parsed, Person)


def test_responses(openai_client, kind):
    ask = {"model": f"{kind}/demo-thinking", "input": "Say hello"}
    whole = openai_client.responses.create(**ask)
    assert "Say hello" in whole.output_text and whole.usage.output_tokens > 0
    with openai_client.responses.stream(**ask) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed"
    assert final.output_text == whole.output_text
    assert [item.type for item in final.output] == [item.type for item in whole.output]
    # Gemini proves at the end what it thought.
    assert [item.type for item in final.output][:2] == ["reasoning", "message"]


@pytest.mark.parametrize("stream", [False, True])
def test_responses_tools(openai_client, kind, stream):
    tool = {"type": "function", "name": "get_weather", "parameters": SCHEMA, "strict": True}
    asked = [{"role": "user", "content": QUESTION}]
    ask = {"model": f"{kind}/demo", "tools": [tool], "store": False}
    if stream:
        with openai_client.responses.stream(input=asked, **ask) as events:
            response = events.get_final_response()
    else:
        response = openai_client.responses.create(input=asked, **ask)
    [call] = [item for item in response.output if item.type == "function_call"]
    asked += [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in response.output]
    asked.append({"type": "function_call_output", "call_id": call.call_id, "output": RESULT})
    assert RESULT in openai_client.responses.create(input=asked, **ask).output_text


def test_messages(anthropic_client, kind):
    ask = {"max_tokens": 400, "messages": [{"role": "user", "content": "Say hello"}]}
    whole = anthropic_client.messages.create(model=f"{kind}/demo", **ask)
    assert whole.stop_reason == "end_turn" and whole.usage.output_tokens > 0
    with anthropic_client.messages.stream(model=f"{kind}/demo", **ask) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == final.content[0].text == whole.content[0].text
    assert final.usage.output_tokens == whole.usage.output_tokens
    with anthropic_client.messages.stream(model=f"{kind}/demo-thinking", **ask) as stream:
        final = stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text"]


@pytest.mark.parametrize("stream", [False, True])
def test_messages_tools(anthropic_client, kind, stream):
    tool = {"name": "get_weather", "input_schema": SCHEMA}
    messages = [{"role": "user", "content": QUESTION}]
    ask = {"model": f"{kind}/demo", "max_tokens": 400, "tools": [tool]}
    if stream:
        with anthropic_client.messages.stream(messages=messages, **ask) as events:
            message = events.get_final_message()
    else:
        message = anthropic_client.messages.create(messages=messages, **ask)
    assert message.stop_reason == "tool_use"
    [call] = [block for block in message.content if block.type == "tool_use"]
    assert call.name == "get_weather" and "city" in call.input
    messages.append({"role": "assistant", "content": message.content})
    messages.append(
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": RESULT}]}
    )
    assert RESULT in anthropic_client.messages.create(messages=messages, **ask).content[0].text


def test_messages_image(anthropic_client, kind):
    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    message = anthropic_client.messages.create(
        model=f"{kind}/demo", max_tokens=400, messages=[{"role": "user", "content": content}]
    )
    assert "One image" in message.content[0].text


def test_gemini(gemini_client, kind):
    whole = gemini_client.models.generate_content(model=f"{kind}/demo", contents="Say hello")
    assert "Say hello" in whole.text
    assert whole.candidates[0].finish_reason == types.FinishReason.STOP
    chunks = list(gemini_client.models.generate_content_stream(model=f"{kind}/demo", contents="Say hello"))
    assert len(chunks) > 1 and "".join(chunk.text or "" for chunk in chunks) == whole.text
    assert chunks[-1].usage_metadata.total_token_count == whole.usage_metadata.total_token_count


def test_gemini_functions(gemini_client, kind):
    asked = []

    def get_weather(city: str) -> str:
        """Tells the weather."""
        asked.append(city)
        return RESULT

    config = types.GenerateContentConfig(tools=[get_weather])
    chat = gemini_client.chats.create(model=f"{kind}/demo", config=config)
    assert RESULT in chat.send_message(QUESTION).text
    assert len(asked) == 1
    chat = gemini_client.chats.create(model=f"{kind}/demo", config=config)
    assert RESULT in "".join(chunk.text or "" for chunk in chat.send_message_stream(QUESTION))


def test_gemini_image_and_schema(gemini_client, kind):
    contents = [types.Part.from_bytes(data=PNG, mime_type="image/png"), "What is this?"]
    assert "One image" in gemini_client.models.generate_content(model=f"{kind}/demo", contents=contents).text
    if kind == "anthropic":
        return
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Person)
    answer = gemini_client.models.generate_content(model=f"{kind}/demo", contents="A person", config=config)
    assert isinstance(answer.parsed, Person)


def test_errors(openai_client, anthropic_client, gemini_client, kind):
    wrong = [{"role": "user", "content": "[[error:400]]"}]
    limited = f"{kind}/demo-error-429"
    with pytest.raises(openai.BadRequestError):
        openai_client.chat.completions.create(model=f"{kind}/demo", messages=wrong)
    with pytest.raises(openai.RateLimitError):
        openai_client.responses.create(model=limited, input="hi")
    with pytest.raises(anthropic.BadRequestError):
        anthropic_client.messages.create(model=f"{kind}/demo", max_tokens=9, messages=wrong)
    with pytest.raises(anthropic.RateLimitError):
        anthropic_client.messages.create(model=limited, max_tokens=9, messages=[{"role": "user", "content": "hi"}])
    for model, code in [(f"{kind}/demo", 400), (limited, 429)]:
        with pytest.raises(errors.ClientError) as raised:
            gemini_client.models.generate_content(model=model, contents="[[error:400]]")
        assert raised.value.code == code


def test_broken_streams(openai_client, anthropic_client, gemini_client, kind):
    hello = [{"role": "user", "content": "Say hello"}]
    with pytest.raises(openai.APIError):
        list(openai_client.chat.completions.create(model=f"{kind}/demo-cut", messages=hello, stream=True))
    # Of responses the SDK hands errors on.
    events = list(openai_client.responses.create(model=f"{kind}/demo-cut", input="hi", stream=True))
    assert events[-1].type == "error" and "broke off" in events[-1].message
    with pytest.raises(anthropic.APIError):
        with anthropic_client.messages.stream(model=f"{kind}/demo-cut", max_tokens=400, messages=hello) as stream:
            stream.until_done()
    with pytest.raises(errors.APIError):
        list(gemini_client.models.generate_content_stream(model=f"{kind}/demo-cut", contents="Say hello"))
