-- chats.db as the bot of this schema version left it, dumped, with rows in every table.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'chats','m001_create_chats','2025-06-01 12:00:00');
CREATE TABLE chats (
            id INTEGER PRIMARY KEY,     -- Telegram's chat id
            language TEXT               -- zh, en or both; NULL where nothing was chosen
        ) STRICT
        ;
INSERT INTO "chats" VALUES(-1001234567890,'zh');
INSERT INTO "chats" VALUES(-55,'both');
INSERT INTO "chats" VALUES(7,'en');
INSERT INTO "chats" VALUES(8,NULL);
CREATE TABLE notices (          -- when admins were last told of a kind of error
            kind TEXT PRIMARY KEY,
            told_at TEXT NOT NULL       -- UTC, ISO 8601
        ) STRICT
        ;
INSERT INTO "notices" VALUES('KeyError','2025-06-01T00:00:00.000+00:00');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
COMMIT;
