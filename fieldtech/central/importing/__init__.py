"""An operator's export of open tickets becomes cases: checked line by line, all or nothing."""
