"""A provider that plays a coding model: it calls the shell tool once to write hello.txt, and then it is content.

It speaks chat completions, messages and generateContent, streamed or not. Agents that offer no shell tool but want edits as text
(aider) get the file as text.
"""

import http.server
import json
import re

COMMAND = "echo 'hello from roundhouse' > hello.txt"
EDIT = "hello.txt\n```\nhello from roundhouse\n```\n"
SHELL = re.compile(r"bash|shell|exec_command", re.IGNORECASE)


def play(tools, is_told, wants_edit):
    """What the model says: a text, or a call of the shell tool among `tools`, which maps names to schemas."""
    name = next((name for name in tools if SHELL.search(name)), None)
    if is_told or (name is None and not wants_edit):
        return "The file is written.", None
    if name is None:
        return EDIT, None
    return None, (name, arguments(tools[name] or {}))


def arguments(schema):
    """Arguments that fit the schema: the command where it belongs, and something for all that must be there."""
    properties = schema.get("properties", {})
    filled = {}
    for name in properties:
        if name in ("command", "cmd", "input"):
            is_list = properties[name].get("type") == "array"
            filled[name] = ["bash", "-c", COMMAND] if is_list else COMMAND
        elif name in schema.get("required", []):
            plain = {"boolean": False, "integer": 10, "number": 10, "array": [], "object": {}}
            filled[name] = plain.get(properties[name].get("type"), "writes the file")
    return filled


class Chat:
    def __init__(self, body):
        self.stream = body.get("stream", False)
        tools = {tool["function"]["name"]: tool["function"].get("parameters") for tool in body.get("tools", [])}
        is_told = any(message["role"] == "tool" for message in body["messages"])
        self.text, self.call = play(tools, is_told, "hello.txt" in json.dumps(body["messages"][-1]))

    def answer(self):
        message = {"role": "assistant", "content": self.text}
        if self.call:
            function = {"name": self.call[0], "arguments": json.dumps(self.call[1])}
            message["tool_calls"] = [{"index": 0, "id": "call_1", "type": "function", "function": function}]
        head = {"id": "c-1", "created": 1_700_000_000, "model": "player"}
        usage = {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}
        end = "tool_calls" if self.call else "stop"
        if not self.stream:
            choice = {"index": 0, "message": message, "finish_reason": end}
            return {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        chunk = {**head, "object": "chat.completion.chunk"}
        deltas = [{"index": 0, "delta": message, "finish_reason": None}, {"index": 0, "delta": {}, "finish_reason": end}]
        chunks = [{**chunk, "choices": [delta]} for delta in deltas] + [{**chunk, "choices": [], "usage": usage}]
        return events(chunks) + "data: [DONE]\n\n"


class Messages:
    def __init__(self, body):
        self.stream = body.get("stream", False)
        tools = {tool["name"]: tool.get("input_schema") for tool in body.get("tools", [])}
        is_told = '"tool_result"' in json.dumps(body["messages"])
        self.text, self.call = play(tools, is_told, "hello.txt" in json.dumps(body["messages"][-1]))

    def answer(self):
        usage = {"input_tokens": 9, "output_tokens": 5}
        head = {"id": "msg_1", "type": "message", "role": "assistant", "model": "player", "stop_sequence": None}
        end = "tool_use" if self.call else "end_turn"
        block = {"type": "text", "text": self.text}
        if self.call:
            block = {"type": "tool_use", "id": "toolu_1", "name": self.call[0], "input": self.call[1]}
        if not self.stream:
            return {**head, "content": [block], "stop_reason": end, "usage": usage}
        delta = {"type": "text_delta", "text": self.text}
        if self.call:
            delta = {"type": "input_json_delta", "partial_json": json.dumps(self.call[1])}
        empty = {**block, "input": {}} if self.call else {**block, "text": ""}
        start = {**head, "content": [], "stop_reason": None, "usage": usage}
        return events(
            [
                {"type": "message_start", "message": start},
                {"type": "content_block_start", "index": 0, "content_block": empty},
                {"type": "content_block_delta", "index": 0, "delta": delta},
                {"type": "content_block_stop", "index": 0},
                {"type": "message_delta", "delta": {"stop_reason": end, "stop_sequence": None}, "usage": usage},
                {"type": "message_stop"},
            ]
        )


class Gemini:
    def __init__(self, body, path):
        self.stream = ":streamGenerateContent" in path
        declared = [one for tool in body.get("tools", []) for one in tool.get("functionDeclarations", [])]
        tools = {one["name"]: one.get("parametersJsonSchema") or one.get("parameters") for one in declared}
        contents = json.dumps(body["contents"])
        last = json.dumps(body["contents"][-1])
        self.text, self.call = play(tools, '"functionResponse"' in contents, "hello.txt" in last)

    def answer(self):
        part = {"text": self.text}
        if self.call:
            part = {"functionCall": {"name": self.call[0], "args": self.call[1]}, "thoughtSignature": "cHJvb2Y="}
        candidate = {"content": {"role": "model", "parts": [part]}, "index": 0, "finishReason": "STOP"}
        usage = {"promptTokenCount": 9, "candidatesTokenCount": 5, "totalTokenCount": 14}
        document = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "player"}
        return events([document]) if self.stream else document


def events(documents):
    def event(document):
        name = f"event: {document['type']}\n" if "type" in document else ""
        return f"{name}data: {json.dumps(document)}\n\n"

    return "".join(event(document) for document in documents)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
        path = self.path.split("?")[0]
        if path.endswith("/chat/completions"):
            answer = Chat(body).answer()
        elif path.endswith("/messages"):
            answer = Messages(body).answer()
        elif "enerateContent" in path:
            answer = Gemini(body, path).answer()
        else:
            answer = {"input_tokens": 9, "totalTokens": 9}
        is_stream = isinstance(answer, str)
        data = (answer if is_stream else json.dumps(answer)).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if is_stream else "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def serve():
    """A server on a free port; the caller runs it."""
    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
