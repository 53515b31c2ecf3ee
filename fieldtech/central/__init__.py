"""The reference central API: tables, migrations, feed, sign-in, sample and operation."""
