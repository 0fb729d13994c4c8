"""Questions that the archive had no answer to, for who chooses digests; never who asked them, nor when exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.chats.kept import Kept

MAX_QUESTION = 256  # characters
# Whoever sends nonsense all day long must not fill the disk with it.
MAX_A_DAY = 1_000


@dataclass(frozen=True)
class UnansweredQuestion:
    """A question as it was asked last, how often it was, and when last."""

    question: str
    count: int
    last_asked_on: date


class Unanswered(Kept):
    """Questions without an answer, by day."""

    def note_unanswered(self, question: str, today: date) -> None:
        """Count a question that had no answer; capitals and spaces make no other question of it."""
        question = " ".join(question.split())[:MAX_QUESTION].rstrip()
        folded, day = question.casefold(), today.isoformat()
        if not question:
            return
        with self._writing() as connection:
            again = connection.execute(
                "UPDATE unanswered SET count = count + 1 WHERE asked_on = ? AND folded = ?", [day, folded]
            )
            if not again.rowcount:
                connection.execute(
                    """INSERT INTO unanswered (asked_on, folded, question, count) SELECT :day, :folded, :question, 1
                       WHERE (SELECT count(*) FROM unanswered WHERE asked_on = :day) < :most""",
                    {"day": day, "folded": folded, "question": question, "most": MAX_A_DAY},
                )

    def unanswered_after(self, day: date) -> list[UnansweredQuestion]:
        """The questions of the days later than this one, the most frequent first and of those the newest."""
        rows = self._rows(
            # Beside a max(), SQLite gives the other columns of the row that has it.
            """SELECT question, sum(count) AS times, max(asked_on) AS asked_on FROM unanswered WHERE asked_on > ?
               GROUP BY folded ORDER BY times DESC, asked_on DESC, question""",
            [day.isoformat()],
        )
        return [UnansweredQuestion(row["question"], row["times"], date.fromisoformat(row["asked_on"])) for row in rows]
