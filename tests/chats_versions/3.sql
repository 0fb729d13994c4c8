-- chats.db as the bot of this schema version left it, dumped, with rows in every table.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'chats','m001_create_chats','2025-06-01 12:00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'chats','m002_daily_digests','2025-06-01 12:00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'chats','m003_spoken_of','2025-06-01 12:00:00');
CREATE TABLE chats (
            id INTEGER PRIMARY KEY,     -- Telegram's chat id
            language TEXT               -- zh, en or both; NULL where nothing was chosen
        ) STRICT
        ;
INSERT INTO "chats" VALUES(-1001234567890,'zh');
INSERT INTO "chats" VALUES(-55,'both');
INSERT INTO "chats" VALUES(7,'en');
INSERT INTO "chats" VALUES(8,NULL);
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
    ;
INSERT INTO "deliveries" VALUES(1,7,'digest','2025-05-27','2025-05-27T05:15:00.000+00:00','sent','[{"key": "2505-00001", "arxiv_id": "2505.00001", "title": "Sheep 1", "why": "new", "watch": null}]',41,NULL,1,'2025-05-27T05:15:00.000+00:00','2025-05-27T05:15:02.000+00:00');
INSERT INTO "deliveries" VALUES(2,7,'digest','2025-05-28','2025-05-28T05:15:00.000+00:00','skipped','[{"key": "2505-00002", "arxiv_id": "2505.00002", "title": "Sheep 2", "why": "new", "watch": null}]',NULL,'more than six hours late',0,'2025-05-28T05:15:00.000+00:00','2025-05-28T05:15:02.000+00:00');
INSERT INTO "deliveries" VALUES(3,7,'digest','2025-05-29','2025-05-29T05:15:00.000+00:00','failed','[{"key": "2505-00003", "arxiv_id": "2505.00003", "title": "Sheep 3", "why": "new", "watch": null}]',NULL,'blocked',1,'2025-05-29T05:15:00.000+00:00','2025-05-29T05:15:02.000+00:00');
INSERT INTO "deliveries" VALUES(4,7,'digest','2025-05-30','2025-05-30T05:15:00.000+00:00','unknown','[{"key": "2505-00004", "arxiv_id": "2505.00004", "title": "Sheep 4", "why": "new", "watch": null}]',NULL,'timed out',1,'2025-05-30T05:15:00.000+00:00','2025-05-30T05:15:02.000+00:00');
INSERT INTO "deliveries" VALUES(5,7,'find','2025-05-30','2025-05-30T05:15:00.000+00:00','planned','[{"key": "2505-00005", "arxiv_id": "2505.00005", "title": "Sheep 5", "why": "watch", "watch": "sheep"}]',NULL,'no connection',2,'2025-05-30T05:15:00.000+00:00','2025-05-30T05:15:02.000+00:00');
INSERT INTO "deliveries" VALUES(6,7,'digest','2025-05-31','2025-05-31T05:15:00.000+00:00','sending','[{"key": "2505-00006", "arxiv_id": "2505.00006", "title": "Sheep 6", "why": "new", "watch": null}]',NULL,NULL,1,'2025-05-31T05:15:00.000+00:00','2025-05-31T05:15:02.000+00:00');
CREATE TABLE finds (                -- new papers that match a watch
        watch_id INTEGER NOT NULL REFERENCES watches(id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        found_at TEXT NOT NULL,         -- UTC, ISO 8601
        told INTEGER NOT NULL,          -- 1 once it stands in a delivery
        PRIMARY KEY (watch_id, key)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "finds" VALUES(3,'2505-00001','2505.00001','Counting Sheep','2025-05-30T01:00:00.000+00:00',1);
INSERT INTO "finds" VALUES(5,'t0123456789ab',NULL,'牧羊智能体','2025-05-30T01:00:00.000+00:00',0);
CREATE TABLE first_seen (           -- every paper the archive ever held; what is absent here is new
        key TEXT PRIMARY KEY,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        seen_at TEXT NOT NULL           -- UTC, ISO 8601
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "first_seen" VALUES('2505-00001','2505.00001','Counting Sheep','2025-05-20T01:00:00.000+00:00');
INSERT INTO "first_seen" VALUES('t0123456789ab',NULL,'牧羊智能体','2025-05-30T01:00:00.000+00:00');
CREATE TABLE notices (          -- when admins were last told of a kind of error
            kind TEXT PRIMARY KEY,
            told_at TEXT NOT NULL       -- UTC, ISO 8601
        ) STRICT
        ;
INSERT INTO "notices" VALUES('KeyError','2025-06-01T00:00:00.000+00:00');
CREATE TABLE saved (                -- papers a chat keeps
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        key TEXT NOT NULL,
        arxiv_id TEXT,
        title TEXT NOT NULL,
        saved_at TEXT NOT NULL,         -- UTC, ISO 8601
        PRIMARY KEY (chat_id, key)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "saved" VALUES(-55,'t0123456789ab',NULL,'牧羊智能体','2025-05-30T06:00:00.000+00:00');
INSERT INTO "saved" VALUES(7,'2505-00001','2505.00001','Counting Sheep','2025-05-27T06:00:00.000+00:00');
CREATE TABLE seen (                 -- papers a chat has had
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        key TEXT NOT NULL,
        PRIMARY KEY (chat_id, key)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "seen" VALUES(7,'2505-00001');
INSERT INTO "seen" VALUES(7,'2505-00004');
CREATE TABLE spoken_of (            -- the paper a chat spoke of last, kept for half an hour
            chat_id INTEGER PRIMARY KEY REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
            key TEXT NOT NULL,
            at TEXT NOT NULL                -- UTC, ISO 8601
        ) STRICT
        ;
INSERT INTO "spoken_of" VALUES(8,'2505-00001','2025-06-01T11:45:00.000+00:00');
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
    ;
INSERT INTO "subscriptions" VALUES(-1001234567890,'supergroup','zh','08:30','Asia/Shanghai','[]',5,0,NULL,NULL,'2025-05-30T00:30:00.000+00:00',0,0);
INSERT INTO "subscriptions" VALUES(7,'private','en','07:15','Europe/Berlin','["agents", "survey"]',10,1,'2025-06-09T22:00:00.000+00:00','2025-06-10T05:15:00.000+00:00','2025-06-01T05:15:00.000+00:00',1,2);
CREATE TABLE watches (              -- words a chat waits for
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- stands in buttons, so never given twice
        chat_id INTEGER NOT NULL REFERENCES chats(id) ON UPDATE CASCADE ON DELETE CASCADE,
        words TEXT NOT NULL,            -- in the search language
        at_once INTEGER NOT NULL,       -- 1 to be told at once, 0 with the next digest
        added_at TEXT NOT NULL,         -- UTC, ISO 8601
        UNIQUE (chat_id, words)
    ) STRICT
    ;
INSERT INTO "watches" VALUES(3,7,'"sheep dog" -survey',1,'2025-05-20T10:00:00.000+00:00');
INSERT INTO "watches" VALUES(5,-55,'智能体',0,'2025-05-21T10:00:00.000+00:00');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX subscriptions_due ON subscriptions (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX finds_untold ON finds (watch_id) WHERE told = 0;
CREATE UNIQUE INDEX deliveries_day ON deliveries (chat_id, local_date) WHERE kind = 'digest';
CREATE INDEX deliveries_chat ON deliveries (chat_id);
CREATE INDEX deliveries_planned ON deliveries (try_at) WHERE state = 'planned';
CREATE INDEX deliveries_sending ON deliveries (id) WHERE state = 'sending';
CREATE INDEX spoken_of_at ON spoken_of (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('watches',5);
INSERT INTO "sqlite_sequence" VALUES('deliveries',6);
COMMIT;
