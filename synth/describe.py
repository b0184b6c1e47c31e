"""The description of an advanced tool: its request in words, with the free inputs' names in place of their values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from environments import AnswerPart, Binding, Captured, Chain, Literal, Selector, Step, Tool, Words
from schemas import Schema

from .words import request


def describe(chain: Chain, tools: Mapping[str, Tool], schema: Schema, words: Words) -> str:
    """One line for the docstring of the composite of `chain`.

    Raises:
        Unspeakable: As for `words.ask`.
    """
    named = Chain(tuple(_step(step) for step in chain.steps), tuple(_part(part) for part in chain.answer))
    return f"In one call: {request(named, tools, schema, words, key='')}"


def _literal(literal: Literal) -> Literal:
    return replace(literal, value=f"<{literal.input}>")


def _selector(selector: Selector) -> Selector:
    return selector if selector.literal is None else replace(selector, literal=_literal(selector.literal))


def _binding(binding: Binding) -> Binding:
    if isinstance(binding, Literal):
        return _literal(binding)
    if isinstance(binding, Captured):
        return binding
    return replace(binding, selector=_selector(binding.selector))


def _step(step: Step) -> Step:
    return Step(step.id, step.tool, tuple((name, _binding(binding)) for name, binding in step.bindings))


def _part(part: AnswerPart) -> AnswerPart:
    return replace(part, selector=_selector(part.selector))
