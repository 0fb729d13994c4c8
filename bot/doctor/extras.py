"""Checks of the optional parts: a language model and an embedding model."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from pydantic import BaseModel, ValidationError

from bot.doctor.asking import NoAnswer
from bot.doctor.registry import Case, Finding, fault, ok, register, warning
from bot.embeddings import make_embedder
from bot.settings import SettingsError

_ANSWERS_GO_ON = "Until it works, answers are quotations alone."


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    """What an OpenAI-compatible endpoint says at /models."""

    data: list[_Model]


@register("language model", asks=True)
def language_model(case: Case) -> Iterator[Finding]:
    url, model = case.settings.llm_url, case.settings.llm_model
    if not url and not model:
        return
    if not url or not model:
        yield warning(
            "only one of DIGESTBOT_LLM_URL and DIGESTBOT_LLM_MODEL is set, so that none is used",
            "Set both, or neither.",
        )
        return
    if find_spec("httpx_sse") is None:
        yield fault("what it needs is not installed", "Install digestbot[llm], or unset DIGESTBOT_LLM_URL.")
        return
    key = case.settings.llm_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    try:
        response = case.web.get(f"{url.removesuffix('/chat/completions')}/models", headers)
    except NoAnswer as error:
        yield warning(f"DIGESTBOT_LLM_URL {error}", f"Check that it runs. {_ANSWERS_GO_ON}")
        return
    if response.status_code in (401, 403):
        yield warning("its endpoint refuses us", f"Check DIGESTBOT_LLM_KEY. {_ANSWERS_GO_ON}")
        return
    yield from _model(response.content, model)


def _model(content: bytes, model: str) -> Iterator[Finding]:
    try:
        names = {each.id for each in _Models.model_validate_json(content).data}
    except ValidationError:
        yield ok("its endpoint answers")  # not every one lists its models
        return
    if model in names or f"{model}:latest" in names:
        yield ok(f"its endpoint answers, and has {model}")
    else:
        yield warning(f"its endpoint has no {model}", f"Check DIGESTBOT_LLM_MODEL. {_ANSWERS_GO_ON}")


@register("embeddings")
def embeddings(case: Case) -> Iterator[Finding]:
    if case.settings.embeddings is None:
        return
    try:
        make_embedder(case.settings)
    except SettingsError as error:
        yield fault("papers cannot be found by meaning, and the bot does not start", str(error))
    else:
        yield ok(f"the model in {case.settings.embeddings} can be used")
