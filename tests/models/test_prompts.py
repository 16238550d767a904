"""Earlier prompts: one's own, each once, the newest first, from a part of the past that does not grow."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from studio.models import Job, User, Workspace
from tests.views.making import job

pytestmark = pytest.mark.django_db

Queries = Callable[[int], AbstractContextManager[Any]]


def said(person: User, *prompts: str) -> None:
    for prompt in prompts:
        job(person, params={"prompt": prompt})


def prompts(person: User, words: str = "") -> list[str]:
    return Job.objects.prompts_of(person, person.workspaces.get(), words)


def test_each_prompt_stands_once_where_it_was_last_used(alice: User) -> None:
    said(alice, "A fox", "A heron", "A fox", "A jar")
    assert prompts(alice) == ["A jar", "A fox", "A heron"]


def test_they_are_one_s_own_and_of_this_workspace(alice: User, bob: User) -> None:
    said(alice, "Mine")
    said(bob, "Of a colleague")
    away = job(alice, params={"prompt": "Mine, elsewhere"})
    Job.objects.filter(pk=away.pk).update(workspace=Workspace.objects.create(name="Elsewhere"))
    assert prompts(alice) == ["Mine"]


def test_what_was_asked_for_without_a_picture_or_a_prompt_is_none(alice: User) -> None:
    job(alice, operation="enhance-prompt", images=0, params={"prompt": "Only to be enhanced"})
    job(alice, operation="vectorize", params={"prompt": ""})
    bare = job(alice, operation="vectorize")
    Job.objects.filter(pk=bare.pk).update(params={"model": ""})
    assert prompts(alice) == []


def test_every_word_is_looked_for_in_any_case_and_order(alice: User) -> None:
    said(alice, "A red fox at dusk", "A fox at dawn, 100% wool", "A heron at dusk")
    assert prompts(alice, "DUSK fox") == ["A red fox at dusk"]
    assert prompts(alice, "fox") == ["A fox at dawn, 100% wool", "A red fox at dusk"]
    assert prompts(alice, "100%") == ["A fox at dawn, 100% wool"]
    assert prompts(alice, "whale") == []


def test_a_long_past_costs_one_query_and_a_bounded_look(
    alice: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Queries
) -> None:
    said(alice, *(f"Prompt {number}" for number in range(6)))
    workspace = alice.workspaces.get()
    monkeypatch.setattr("studio.models.jobs.PROMPTS_REACH", 4)
    with django_assert_num_queries(1):
        assert len(Job.objects.prompts_of(alice, workspace)) == 4
    assert prompts(alice, "Prompt 1") == [], "too far back to be looked at"
    monkeypatch.setattr("studio.models.jobs.MOST_PROMPTS", 2)
    assert prompts(alice) == ["Prompt 5", "Prompt 4"]
