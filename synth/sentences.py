"""Putting words into sentences: capitals, stops, and a choice between wordings that hangs on a key alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from environments import Chain, Ref, Tool

from .unspeakable import Unspeakable


def choice(key: str, of: str) -> int:
    """A number that depends on the sample's key and on what is chosen, and on nothing else."""
    return int.from_bytes(hashlib.blake2b(f"{key}\x00{of}".encode(), digest_size=8).digest(), "big")


def sentence(text: str, stop: str = ".") -> str:
    """`text` with a capital and a stop, but no second full stop ("Ltd.")."""
    text = text.strip()
    start = re.match(r"[a-z]+(?=[\s,']|$)", text)
    if start is not None:
        text = text[0].upper() + text[1:]
    return text if stop == "." and text.endswith((".", '."')) else text + stop


def check_use(chain: Chain, tools: Mapping[str, Tool]) -> None:
    """Refuse a chain with a step that nothing comes of.

    Raises:
        Unspeakable: A reading step feeds no other step and no part of the answer.
    """
    used = {part.step for part in chain.answer}
    for step in chain.steps:
        used |= {binding.step for _, binding in step.bindings if isinstance(binding, Ref)}
    for step in chain.steps:
        if step.id not in used and not tools[step.tool].writes:
            raise Unspeakable("unused_step", f"nothing uses the result of step {step.id!r} ({step.tool})")


def check_inputs(chain: Chain, said: set[str], text: str) -> None:
    """Refuse a text that leaves out what the person has to say.

    Raises:
        Unspeakable: A free input is not said.
    """
    for literal in chain.literals():
        if literal.input not in said:
            raise Unspeakable("unsaid_input", f"{text!r} does not say {literal.input!r} ({literal.value!r})")
