namespace Grid.Postgres;

/// <summary>The database does not hold tables that this version of the log can use. The message says what to do.</summary>
internal sealed class LogSchemaException(string message, Exception? inner = null) : Exception(message, inner);
