"""Clients of the official SDKs, pointed at the server under test."""

import os

import anthropic
import openai
import pytest
from google import genai

URL = os.environ["ROUNDHOUSE_URL"]
KEY = os.environ["ROUNDHOUSE_KEY"]


@pytest.fixture(scope="session")
def openai_client():
    return openai.OpenAI(base_url=f"{URL}/v1", api_key=KEY, max_retries=0)


@pytest.fixture(scope="session")
def anthropic_client():
    return anthropic.Anthropic(base_url=URL, api_key=KEY, max_retries=0)


@pytest.fixture(scope="session")
def gemini_client():
    return genai.Client(api_key=KEY, http_options={"base_url": URL})


@pytest.fixture(scope="session")
def url():
    return URL
