"""What a sandbox is opened for: the World, and the Limits that hold in it."""

from __future__ import annotations

from dataclasses import dataclass

from environments import Tool

_LABEL_LENGTH = 12


@dataclass(frozen=True, slots=True)
class World:
    """An environment's tools over one seeded database.

    Attributes:
        tools_source: The text of `tools.py`; it is executed in episodes only.
        tools: The tools as the host read them from that text.
        snapshot: The database, serialized.
        clock: What "now" is inside, in UTC: `YYYY-MM-DD HH:MM:SS`.
        version: The environment's version, for records and messages.
    """

    tools_source: str
    tools: tuple[Tool, ...]
    snapshot: bytes
    clock: str
    version: str

    @property
    def label(self) -> str:
        """The version's beginning, enough for a message."""
        return self.version[:_LABEL_LENGTH]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sandbox and its episodes may use.

    Attributes:
        episode_memory: Bytes of address space that one episode may add to what it starts with.
        container_memory: Bytes for the whole container (level `docker`).
        episodes: Live episodes at once (level `docker`).
        cpu_seconds: Processor seconds of one episode in all.
        reply_bytes: Bytes of one program's outcome. What it becomes in the host's memory may be thirty times as much.
        spares: Episodes that are made ahead, so that the next one is there at once.
        recycle_episodes: Episodes after which a sandbox is started anew, when nobody is using it.
        recycle_memory: Bytes by which its supervisor may grow before the same happens.
        start_seconds: How long a sandbox or an episode may take to start.
    """

    episode_memory: int = 512 << 20
    container_memory: int = 2 << 30
    episodes: int = 512
    cpu_seconds: int = 3600
    reply_bytes: int = 4 << 20
    spares: int = 2
    recycle_episodes: int = 50_000
    recycle_memory: int = 64 << 20
    start_seconds: float = 30.0
