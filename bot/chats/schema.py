"""The schema of chats.db, and how a chats.db of an earlier version is brought up to date."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("chats")


@migrations()
def m001_create_chats(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE chats (
            id INTEGER PRIMARY KEY,     -- Telegram's chat id
            language TEXT               -- zh, en or both; NULL where nothing was chosen
        ) STRICT
        """
    )
    db.conn.execute(
        """
        CREATE TABLE notices (          -- when admins were last told of a kind of error
            kind TEXT PRIMARY KEY,
            told_at TEXT NOT NULL       -- UTC, ISO 8601
        ) STRICT
        """
    )


@migrations()
def m002_daily_digests(db: Database) -> None:
    # Whatever belongs to a chat hangs on its row in chats: a new chat id is written once, and so is forgetting one.
    for statement in _DAILY_DIGESTS:
        db.conn.execute(statement)


@migrations()
def m003_spoken_of(db: Database) -> None:
    db.conn.execute(
        """
        CREATE TABLE spoken_of (            -- the paper a chat spoke of last, kept for half an hour
            chat_id INTEGER PRIMARY KEY REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
            key TEXT NOT NULL,
            at TEXT NOT NULL                -- UTC, ISO 8601
        ) STRICT
        """
    )
    db.conn.execute("CREATE INDEX spoken_of_at ON spoken_of (at)")


@migrations()
def m004_administration(db: Database) -> None:
    for statement in _ADMINISTRATION:
        db.conn.execute(statement)


_ADMINISTRATION = (
    "ALTER TABLE chats ADD COLUMN last_seen TEXT",  # YYYY-MM-DD in the bot's time zone, of the last message or tap
    "CREATE INDEX chats_last_seen ON chats (last_seen)",
    """
    CREATE TABLE marks (                -- answers that readers found good or bad
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        message_id INTEGER NOT NULL,    -- of the answer
        good INTEGER NOT NULL,          -- 1 for a thumb up, 0 for one down
        marked_on TEXT NOT NULL,        -- YYYY-MM-DD in the bot's time zone
        PRIMARY KEY (chat_id, message_id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX marks_day ON marks (marked_on)",
    """
    CREATE TABLE unanswered (           -- questions the archive had no answer to; never who asked, nor when exactly
        asked_on TEXT NOT NULL,         -- YYYY-MM-DD in the bot's time zone
        folded TEXT NOT NULL,           -- without capitals: what makes two questions the same
        question TEXT NOT NULL,         -- as it was asked first on that day
        count INTEGER NOT NULL,         -- how often on that day
        PRIMARY KEY (asked_on, folded)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE errors (               -- failures of ours by day, so that a restart does not hide them
        failed_on TEXT NOT NULL,        -- YYYY-MM-DD in the bot's time zone
        kind TEXT NOT NULL,             -- exception and function, as admins are told
        count INTEGER NOT NULL,
        reference TEXT NOT NULL,        -- of the last one, as in the log
        PRIMARY KEY (failed_on, kind)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE uploads (              -- digest files that an admin sent and has not kept or discarded yet; the
                                        -- files themselves lie in a folder beside chats.db, named by the id
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- stands in buttons, so never given twice
        chat_id INTEGER NOT NULL,       -- of the admin's private chat
        message_id INTEGER,             -- of the bot's message about it, once there is one
        media_group TEXT,               -- Telegram's id of files sent together
        refused TEXT NOT NULL,          -- JSON list of reports on files of it that cannot be used
        changed_at TEXT NOT NULL        -- UTC, ISO 8601: when the last file of it came
    ) STRICT
    """,
    "CREATE INDEX deliveries_changed ON deliveries (changed_at)",
)

_DAILY_DIGESTS = (
    """
    CREATE TABLE subscriptions (        -- how a chat wants its daily digest; kept when it unsubscribes
        chat_id INTEGER PRIMARY KEY REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        kind TEXT NOT NULL,             -- private, group, supergroup or channel
        ui TEXT NOT NULL,               -- language of what stands around the papers: zh or en
        time TEXT NOT NULL,             -- HH:MM on the reader's clock
        zone TEXT NOT NULL,             -- IANA name of the reader's time zone
        topics TEXT NOT NULL,           -- JSON list of slugs; an empty one is all topics
        count INTEGER NOT NULL,         -- papers in a digest, 1 to 10
        weekdays_only INTEGER NOT NULL, -- 1 for none on Saturdays and Sundays
        paused_until TEXT,              -- UTC, ISO 8601
        next_due_at TEXT,               -- UTC, ISO 8601; NULL where not subscribed
        new_since TEXT NOT NULL,        -- UTC, ISO 8601: papers first seen later are new to this reader
        quiet INTEGER NOT NULL,         -- 1 once it was said that no paper is left
        strikes INTEGER NOT NULL        -- deliveries in a row that Telegram refused since the chat is gone or blocks us
    ) STRICT
    """,
    "CREATE INDEX subscriptions_due ON subscriptions (next_due_at) WHERE next_due_at IS NOT NULL",
    """
    CREATE TABLE watches (              -- words a chat waits for
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- stands in buttons, so never given twice
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        words TEXT NOT NULL,            -- in the search language
        at_once INTEGER NOT NULL,       -- 1 to be told at once, 0 with the next digest
        added_at TEXT NOT NULL,         -- UTC, ISO 8601
        UNIQUE (chat_id, words)
    ) STRICT
    """,
    """
    CREATE TABLE finds (                -- new papers that match a watch
        watch_id INTEGER NOT NULL REFERENCES watches(id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        found_at TEXT NOT NULL,         -- UTC, ISO 8601
        told INTEGER NOT NULL,          -- 1 once it stands in a delivery
        PRIMARY KEY (watch_id, key)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX finds_untold ON finds (watch_id) WHERE told = 0",
    """
    CREATE TABLE deliveries (           -- messages that go out by themselves, and what became of each
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        kind TEXT NOT NULL,             -- digest, or find: what a watch found, told at once
        local_date TEXT NOT NULL,       -- YYYY-MM-DD in the reader's time zone
        due_at TEXT NOT NULL,           -- UTC, ISO 8601
        state TEXT NOT NULL,            -- planned, sending, sent, failed, unknown or skipped
        papers TEXT NOT NULL,           -- JSON list of {key, arxiv_id, title, why, watch}
        message_id INTEGER,             -- of the message, where sent
        reason TEXT,                    -- why failed, unknown, skipped or planned again
        tries INTEGER NOT NULL,
        try_at TEXT NOT NULL,           -- UTC, ISO 8601: not to be sent before
        changed_at TEXT NOT NULL        -- UTC, ISO 8601: when the state was reached
    ) STRICT
    """,
    # However often a plan is made, a chat has one digest a date.
    "CREATE UNIQUE INDEX deliveries_day ON deliveries (chat_id, local_date) WHERE kind = 'digest'",
    "CREATE INDEX deliveries_chat ON deliveries (chat_id)",
    "CREATE INDEX deliveries_planned ON deliveries (try_at) WHERE state = 'planned'",
    "CREATE INDEX deliveries_sending ON deliveries (id) WHERE state = 'sending'",
    """
    CREATE TABLE seen (                 -- papers a chat has had
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        key TEXT NOT NULL,
        PRIMARY KEY (chat_id, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE saved (                -- papers a chat keeps
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        key TEXT NOT NULL,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        saved_at TEXT NOT NULL,         -- UTC, ISO 8601
        PRIMARY KEY (chat_id, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE first_seen (           -- every paper the archive ever held; what is absent here is new
        key TEXT PRIMARY KEY,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        seen_at TEXT NOT NULL           -- UTC, ISO 8601
    ) STRICT, WITHOUT ROWID
    """,
)
