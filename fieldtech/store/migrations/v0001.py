"""Schema 1: mirror, overlay, outbox, agenda, drafts, session."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlcipher3 import dbapi2 as driver

STATEMENTS = (
    """CREATE TABLE meta (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    )""",
    """CREATE TABLE bucket (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        cursor INTEGER NOT NULL,
        size INTEGER NOT NULL,
        hash TEXT NOT NULL,
        generation INTEGER NOT NULL,
        sweeping INTEGER NOT NULL
    )""",
    """CREATE TABLE member (
        bucket_id INTEGER NOT NULL,
        entity TEXT NOT NULL,
        id TEXT NOT NULL,
        rev INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        PRIMARY KEY (entity, id, bucket_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE mirror (
        rid INTEGER NOT NULL PRIMARY KEY,
        entity TEXT NOT NULL,
        id TEXT NOT NULL,
        rev INTEGER NOT NULL,
        parent TEXT NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (entity, id)
    )""",
    "CREATE INDEX mirror_parent ON mirror (entity, parent)",
    """CREATE TABLE overlay (
        entity TEXT NOT NULL,
        id TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (entity, id)
    )""",
    "CREATE INDEX overlay_incident ON overlay (incident_id)",
    """CREATE TABLE outbox (
        rid INTEGER NOT NULL PRIMARY KEY,
        device_id TEXT NOT NULL,
        n INTEGER NOT NULL,
        op_id TEXT NOT NULL UNIQUE,
        cmd TEXT NOT NULL,
        target TEXT NOT NULL,
        incident_id TEXT NOT NULL,
        visit_id TEXT NOT NULL,
        label TEXT NOT NULL,
        envelope TEXT NOT NULL,
        state TEXT NOT NULL,
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        result TEXT NOT NULL,
        landed INTEGER NOT NULL,
        made_at REAL NOT NULL,
        settled_at REAL,
        decision TEXT NOT NULL,
        decided_at REAL,
        UNIQUE (device_id, n)
    )""",
    "CREATE INDEX outbox_incident ON outbox (incident_id)",
    "CREATE INDEX outbox_state ON outbox (state)",
    """CREATE TABLE dirty (
        entity TEXT NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (entity, id)
    )""",
    """CREATE TABLE agenda (
        rid INTEGER NOT NULL PRIMARY KEY,
        incident_id TEXT NOT NULL,
        visit_id TEXT NOT NULL,
        technician_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        site_id TEXT NOT NULL,
        service_id TEXT NOT NULL,
        region_id TEXT NOT NULL,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        customer TEXT NOT NULL,
        site TEXT NOT NULL,
        street TEXT NOT NULL,
        municipality TEXT NOT NULL,
        state TEXT NOT NULL,
        timezone TEXT NOT NULL,
        lat REAL NOT NULL,
        lon REAL NOT NULL,
        severity TEXT NOT NULL,
        incident_state TEXT NOT NULL,
        visit_state TEXT NOT NULL,
        reported_at REAL NOT NULL,
        window_start REAL,
        window_end REAL,
        clocks TEXT NOT NULL,
        order_at REAL NOT NULL,
        site_at REAL NOT NULL,
        due_at REAL,
        risk_at REAL,
        place_key TEXT NOT NULL,
        active INTEGER NOT NULL,
        assigned INTEGER NOT NULL,
        away INTEGER NOT NULL,
        waiting INTEGER NOT NULL,
        refused INTEGER NOT NULL,
        words INTEGER NOT NULL,
        UNIQUE (incident_id, visit_id)
    )""",
    "CREATE INDEX agenda_order ON agenda (active, place_key, site_at, site_id, order_at, rid)",
    """CREATE INDEX agenda_urgency ON agenda (
        active, assigned, order_at, region_id, severity, risk_at, due_at, incident_id
    )""",
    "CREATE INDEX agenda_site ON agenda (site_id, active, order_at)",
    "CREATE INDEX agenda_customer ON agenda (customer_id)",
    """CREATE VIRTUAL TABLE agenda_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 2'
    )""",
    """CREATE TABLE place (
        rid INTEGER NOT NULL PRIMARY KEY,
        service_id TEXT NOT NULL UNIQUE,
        site_id TEXT NOT NULL,
        customer_id TEXT NOT NULL,
        words INTEGER NOT NULL
    )""",
    "CREATE INDEX place_site ON place (site_id)",
    "CREATE INDEX place_customer ON place (customer_id)",
    """CREATE VIRTUAL TABLE place_words USING fts5 (
        words, content='', contentless_delete=1, detail=none, prefix='1 2 3',
        tokenize='unicode61 remove_diacritics 2'
    )""",
    """CREATE TABLE draft (
        key TEXT NOT NULL PRIMARY KEY,
        body TEXT NOT NULL,
        saved_at REAL NOT NULL
    )""",
    """CREATE TABLE session (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
        central_url TEXT NOT NULL,
        device_id TEXT NOT NULL,
        device_name TEXT NOT NULL,
        next_n INTEGER NOT NULL,
        user TEXT NOT NULL,
        epoch TEXT NOT NULL,
        last_contact REAL
    )""",
)


def upgrade(connection: driver.Connection) -> None:
    """Make an empty file a store."""
    for statement in STATEMENTS:
        connection.execute(statement)
