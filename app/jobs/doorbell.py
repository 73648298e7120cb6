"""Ringing for work: RQ only wakes a worker up; what is to be done stands in the database."""

import logging
from collections.abc import Iterable, Sequence
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from app.models import Effect

logger = logging.getLogger(__name__)

BATCH = 32
"""Entries per ring: one worker does that many side by side."""

JOB_SECONDS = 600


class QueueName(StrEnum):
    """Each has a worker of its own, so that a person at a door never waits behind a feed."""

    UNLOCKS = "unlocks"
    DOORS = "doors"
    MESSAGES = "messages"
    TEXTS = "texts"
    FEEDS = "feeds"


QUEUE_OF = {
    Effect.UNLOCK: QueueName.UNLOCKS,
    Effect.LOOK_AT_DOOR: QueueName.UNLOCKS,
    Effect.PUT_CODE: QueueName.DOORS,
    Effect.CHANGE_CODE: QueueName.DOORS,
    Effect.REMOVE_CODE: QueueName.DOORS,
    Effect.ISSUE_CODE: QueueName.DOORS,
    Effect.SYNC_DOOR: QueueName.DOORS,
    Effect.SET_CLOCK: QueueName.DOORS,
    Effect.SEND_MESSAGE: QueueName.MESSAGES,
    Effect.READ_TEXT: QueueName.TEXTS,
}


class Doorbell:
    """Rings RQ with JSON arguments (pickle would run code for whoever can write to Redis)."""

    def __init__(self, redis_url: str) -> None:
        # A web request rings, too, and must not hang on a Redis that does not answer.
        self._redis = Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=2)

    def ring(self, entries: Iterable[tuple[int, Effect]]) -> None:
        """Wake workers for outbox entries; a lost ring is found by the sweep."""
        by_queue: dict[QueueName, list[int]] = {}
        for entry_id, kind in entries:
            by_queue.setdefault(QUEUE_OF[kind], []).append(entry_id)
        for queue, ids in by_queue.items():
            for start in range(0, len(ids), BATCH):
                self.call(queue, "app.jobs.outbox.work", ids[start : start + BATCH])

    def call(self, queue: QueueName, function: str, ids: Sequence[int]) -> None:
        """Enqueue one job; it leaves nothing behind in Redis, whatever comes of it."""
        try:
            Queue(queue, connection=self._redis, serializer="json").enqueue(
                function,
                list(ids),
                job_timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=3600,
            )
        except RedisError as fault:
            logger.warning(
                "queue not reached", extra={"queue": queue, "fault": type(fault).__name__}
            )

    def ask_for_doors(self) -> None:
        """Have a worker ask the lock providers how their locks are."""
        self.call(QueueName.FEEDS, "app.jobs.locks.refresh_doors", [])

    def answers(self) -> bool:
        """Tell whether Redis is there."""
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False
