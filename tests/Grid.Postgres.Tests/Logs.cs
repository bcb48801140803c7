using System.Globalization;
using System.Text;

namespace Grid.Postgres.Tests;

/// <summary>Opens logs and appends rows with few words.</summary>
internal static class Logs
{
    public static readonly EntityId Card = new("card", "4242");
    public static readonly EntityId Terminal = new("terminal", "t-9");

    /// <summary>How long a command may take, and a server be silent: longer than any test.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>A log whose snapshots do not wait long for rows to go with.</summary>
    /// <param name="connectSeconds">Long, for many tests share the machine and none of them is about a connection that is slow to be made, unless it says so.</param>
    /// <param name="time">The system's where it is null.</param>
    public static Task<EventLog> OpenAsync(
        string database, int lanes = 2, int queueRows = 8_192, int connectSeconds = 30, TimeProvider? time = null)
    {
        var options = new EventLogOptions
        {
            ConnectionString = database,
            Lanes = lanes,
            QueueRows = queueRows,
            ConnectTimeout = TimeSpan.FromSeconds(connectSeconds),
            LazyDelay = TimeSpan.FromMilliseconds(5),
            CommandTimeout = Patience,
        };
        return EventLog.OpenAsync(options, time ?? TimeProvider.System, null, default);
    }

    /// <summary>Appends the writer's next row.</summary>
    public static Task<Appended> AppendAsync(this EntityWriter writer, string body, ulong idHash = 0, EntityId[]? tells = null, RowId[]? takes = null, string type = "transaction") =>
        writer.AppendAsync(new LogRow
        {
            Version = writer.Version + 1,
            EventType = type,
            IdHash = idHash,
            At = EventTime.FromUnixMilliseconds(1_000 + writer.Version),
            Body = Encoding.UTF8.GetBytes(body),
            Tells = tells,
            Takes = takes,
        }).AsTask();

    public static async Task AppendManyAsync(this EntityWriter writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await writer.AppendAsync((writer.Version + 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    public static string Text(this LogEntry entry) => Encoding.UTF8.GetString(entry.Body.Span);

    public static string[] Texts(this IEnumerable<LogEntry> entries) => [.. entries.Select(Text)];
}
