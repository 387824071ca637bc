"""The tables of the user's database, and the steps from each version of it to the next.

Times are UTC, ISO 8601. Texts that hold JSON are written and read by the module that owns the
table.
"""

APPLICATION_ID = 0x44696750  # "DigP": distinguishes our file from other SQLite databases

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE hands (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        created TEXT NOT NULL
    );
    CREATE TABLE drawings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hand_id INTEGER NOT NULL REFERENCES hands ON DELETE CASCADE,
        label TEXT NOT NULL,
        strokes TEXT NOT NULL,
        answer TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        time TEXT NOT NULL
    );
    CREATE INDEX drawings_of_hand ON drawings (hand_id, id);
    CREATE TABLE steps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        hand_id INTEGER NOT NULL REFERENCES hands ON DELETE CASCADE,
        model_sha256 TEXT NOT NULL,
        kind TEXT NOT NULL,
        time TEXT NOT NULL,
        known_until INTEGER NOT NULL,
        known_again_after INTEGER NOT NULL,
        figures TEXT NOT NULL,
        head BLOB
    );
    CREATE INDEX steps_of_hand ON steps (hand_id, id);
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        started TEXT NOT NULL,
        state TEXT NOT NULL,
        recipe TEXT NOT NULL,
        settings TEXT NOT NULL,
        dataset TEXT NOT NULL,
        planned_epochs INTEGER NOT NULL,
        accuracy REAL,
        accuracy_data TEXT NOT NULL,
        seconds REAL,
        model_file TEXT NOT NULL
    );
    CREATE TABLE run_epochs (
        run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        loss REAL,
        accuracy REAL,
        validation_loss REAL,
        validation_accuracy REAL,
        seconds REAL NOT NULL,
        PRIMARY KEY (run_id, epoch)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE runs ADD COLUMN training_images INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN reason TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN first_model TEXT NOT NULL DEFAULT ''",
)
"""Statements that make version n of version n - 1; version 0 is an empty file."""

SCHEMA_VERSION = len(MIGRATIONS)

TABLES = frozenset({"hands", "drawings", "steps", "runs", "run_epochs"})
"""Tables of the current version."""
