#!/usr/bin/env python3
"""Lets coding agents finish a task through Roundhouse, each on providers of protocols that it does not speak.

usage: tests/agents/run.py ROUNDHOUSE_BINARY SCRATCH_FOLDER [AGENT ...]

Installs the agents into the scratch folder, unless they are there. See docs/how-to/use-coding-agents.md.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import provider

KEY = "sk-roundhouse-key-of-agents"
TASK = "Use the shell to write a file hello.txt, and then say that it is written."
PACKAGES = ["@anthropic-ai/claude-code", "@openai/codex", "@google/gemini-cli", "opencode-ai"]
PROVIDERS = {"anthropic": "anthropic", "chat": "openai-compatible", "gemini": "gemini"}
# Agents do more for models that they know: the one each is told, and those that it takes for titles and the like.
MODELS = ["claude-opus-4-6", "claude-sonnet-4-5", "gpt-5.1-codex", "gemini-2.5-pro", "gemini-2.5-flash", "gemini-2.5-flash-lite"]
MODELS += ["gemini-3-flash-preview", "gemini-3.1-flash-lite", "gpt-4.1"]


def claude(url, home):
    model = "claude-opus-4-6"
    env = {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_AUTH_TOKEN": KEY, "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
    env |= {f"ANTHROPIC_DEFAULT_{tier}_MODEL": model for tier in ("HAIKU", "SONNET", "OPUS")}
    return ["claude", "--print", TASK, "--model", model, "--allowedTools", "Bash"], env


def codex(url, home):
    table = f'[model_providers.roundhouse]\nname = "Roundhouse"\nbase_url = "{url}/v1"\nenv_key = "ROUNDHOUSE_KEY"\n'
    write(home / ".codex/config.toml", f'model_provider = "roundhouse"\n{table}wire_api = "responses"\n')
    command = ["codex", "exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"]
    return [*command, "--model", "gpt-5.1-codex", TASK], {"ROUNDHOUSE_KEY": KEY}


def gemini(url, home):
    write(home / ".gemini/settings.json", json.dumps({"security": {"auth": {"selectedType": "gemini-api-key"}}}))
    env = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": url, "GEMINI_CLI_TRUST_WORKSPACE": "true"}
    return ["gemini", "--model", "gemini-2.5-pro", "--yolo", "--prompt", TASK], env


def opencode(url, home):
    model = "claude-sonnet-4-5"
    options = {"baseURL": f"{url}/v1", "apiKey": KEY}
    own = {"npm": "@ai-sdk/openai-compatible", "name": "Roundhouse", "options": options, "models": {model: {}}}
    config = {"provider": {"roundhouse": own}, "small_model": f"roundhouse/{model}", "permission": "allow", "share": "disabled"}
    write(home / ".config/opencode/opencode.json", json.dumps(config))
    env = {"OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_AUTOUPDATE": "1"}
    return ["opencode", "run", "--model", f"roundhouse/{model}", TASK], env


def aider(url, home):
    env = {"OPENAI_API_BASE": f"{url}/v1", "OPENAI_API_KEY": KEY, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    quiet = ["--no-git", "--no-check-update", "--no-show-model-warnings", "--analytics-disable", "--no-detect-urls"]
    command = ["aider", "--model", "openai/gpt-4.1", "--edit-format", "whole", "--yes-always", *quiet]
    return [*command, "--message", "Write a file hello.txt."], env


# Each agent with the protocols that it does not speak itself.
AGENTS = {
    "claude": (claude, ["chat", "gemini"]),
    "codex": (codex, ["anthropic", "chat", "gemini"]),
    "gemini": (gemini, ["anthropic", "chat"]),
    "opencode": (opencode, ["anthropic", "gemini"]),
    "aider": (aider, ["anthropic", "gemini"]),
}


def main():
    binary, scratch = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    agents = sys.argv[3:] or list(AGENTS)
    install(scratch, agents)
    upstream = provider.serve()
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    results = []
    for agent in agents:
        for protocol in AGENTS[agent][1]:
            with Roundhouse(binary, scratch / f"house-{protocol}", protocol, upstream.server_port) as url:
                results.append((agent, protocol, *attempt(agent, protocol, url, scratch)))
                print("{:10} {:10} {:6} {:5.1f} s  {}".format(*results[-1]), flush=True)
    sys.exit(any(result[2] != "ok" for result in results))


def install(scratch, agents):
    if any(agent != "aider" for agent in agents) and not (scratch / "npm/node_modules").exists():
        (scratch / "npm").mkdir(parents=True, exist_ok=True)
        write(scratch / "npm/package.json", '{"private":true}')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *PACKAGES], cwd=scratch / "npm", check=True)
    if "aider" in agents and not (scratch / "py/bin/aider").exists():
        subprocess.run([sys.executable, "-m", "venv", scratch / "py"], check=True)
        subprocess.run([scratch / "py/bin/pip", "install", "--quiet", "aider-chat"], check=True)


class Roundhouse:
    """A server before one provider of a protocol, as long as the block runs."""

    def __init__(self, binary, folder, protocol, port):
        shutil.rmtree(folder, ignore_errors=True)
        base = f"http://127.0.0.1:{port}" + ("/v1" if protocol == "chat" else "/v1beta" if protocol == "gemini" else "")
        models = [{"name": "player", "as": name} for name in MODELS]
        upstream = {"name": protocol, "kind": PROVIDERS[protocol], "base_url": base, "keys": ["pk-1"], "models": models}
        keys = [{"name": "agents", "key": KEY}]
        write(folder / "roundhouse.yaml", json.dumps({"providers": [upstream], "access_keys": keys}))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.command = [binary, "serve", "--data", "data", "--listen", f"127.0.0.1:{self.port}"]
        self.folder = folder

    def __enter__(self):
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=self.log, stderr=subprocess.STDOUT)
        url = f"http://127.0.0.1:{self.port}"
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/ready").close()
                return url
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the server does not start: see {self.folder}/log")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def attempt(agent, protocol, url, scratch):
    """How the agent did in a home and a folder of its own, how long it took, and where it told."""
    home = scratch / f"run-{agent}-{protocol}"
    shutil.rmtree(home, ignore_errors=True)
    work = home / "work"
    work.mkdir(parents=True)
    command, env = AGENTS[agent][0](url, home)
    path = f"{scratch}/npm/node_modules/.bin:{scratch}/py/bin:{os.environ['PATH']}"
    env |= {"HOME": str(home), "PATH": path, "TERM": "dumb", "NO_COLOR": "1"}
    began = time.monotonic()
    with open(home / "log", "wb") as log:
        try:
            ended = subprocess.run(command, cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=180)
            status = "ok" if ended.returncode == 0 else f"exit {ended.returncode}"
        except subprocess.TimeoutExpired:
            status = "stuck"
    file = work / "hello.txt"
    if status == "ok" and not (file.exists() and "hello from roundhouse" in file.read_text()):
        status = "no file"
    return status, time.monotonic() - began, home / "log"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    main()
