using Microsoft.Data.Sqlite;

using SQLitePCL;

namespace Grid.Engine;

/// <summary>A statement that is run again and again with other values: without what a command allocates and looks up each time.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The text is no statement.</exception>
    public Statement(SqliteConnection connection, string text)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_database, text, out _statement));
    }

    /// <summary>How many rows the last run changed.</summary>
    public int Changed => raw.sqlite3_changes(_database);

    /// <summary>Sets a parameter; the first is 1.</summary>
    public Statement With(int place, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, place, value));
        return this;
    }

    public Statement WithText(int place, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, place, utf8));
        return this;
    }

    public Statement WithBlob(int place, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, place, value));
        return this;
    }

    /// <summary>Runs it to its end, with the values set since; what it answers is passed over.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Goes to the next row of the answer; false at the end, and the statement is fit for its next use then.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var answer = raw.sqlite3_step(_statement);
        if (answer == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(_statement);
        if (answer != raw.SQLITE_DONE)
        {
            Check(answer);
        }

        return false;
    }

    /// <summary>Makes it fit for its next use before its answer has ended.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>The text of a column, good until the next step.</summary>
    public ReadOnlySpan<byte> Text(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int answer) => SqliteException.ThrowExceptionForRC(answer, _database);
}
