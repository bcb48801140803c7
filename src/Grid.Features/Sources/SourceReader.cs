using System.Globalization;
using System.Text;
using Grid.Features.Plans;
using Grid.Features.Rows;

namespace Grid.Features.Sources;

/// <summary>
/// Reads a CSV file according to a source of the bundle and returns its events in order of event time. Delayed events (a label that arrives
/// a week later) are held back until the file reaches their time. At equal times delayed events come first, so that a label known at a time
/// counts in a decision at that time; otherwise file order is kept.
/// </summary>
/// <remarks>
/// Rows may be out of order by up to <see cref="SourceReader(Stream, string, SourcePlan, int)">a number of rows</see>, which are buffered
/// and sorted. Files with more disorder are rejected, unless the source allows it (<see cref="SourcePlan.AnyOrder"/>). They are not sorted
/// as a whole: that would hold the file in memory, and an unordered file is more often the wrong file, or the wrong time column, than one
/// to replay.
/// </remarks>
internal sealed class SourceReader
{
    /// <summary>The default for how many rows a row may be out of order.</summary>
    public const int DefaultDisorder = 1024;

    private readonly CsvReader _csv;
    private readonly string _file;
    private readonly SourcePlan _plan;
    private readonly RowEvent[] _events;
    private readonly string[] _header;
    private readonly PriorityQueue<SourceItem, Moment> _waiting = new();
    private readonly long[] _keptBack;
    private long _frontier = long.MinValue;
    private long _given = long.MinValue;
    private bool _ended;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="stream">The contents of the file (see <see cref="SourceFile"/>); not closed.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="plan">The source definition.</param>
    /// <param name="disorder">How many rows a row may be out of order, at least 1.</param>
    /// <exception cref="SourceException">The file is empty, or a column of the source is missing.</exception>
    public SourceReader(Stream stream, string file, SourcePlan plan, int disorder = DefaultDisorder)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(disorder, 1);
        (_plan, _csv, _file, _keptBack) = (plan, new(stream, file), file, new long[disorder]);
        Array.Fill(_keptBack, long.MinValue);
        _header = _csv.ReadHeader();
        var lacking = plan.Events.SelectMany(ColumnsOf).Where(column => !_header.Contains(column)).Distinct().ToList();
        if (lacking.Count > 0)
        {
            throw new SourceException(
                file, 1, null, $"source '{plan.Name}' reads {Quoted(lacking)}, which the file does not have. Its columns are {Quoted(_header)}.");
        }

        _events = [.. plan.Events.Select((made, order) => new RowEvent(made, order, _header))];
    }

    /// <summary>The number of rows read so far, including those whose events are held back.</summary>
    public long Rows { get; private set; }

    /// <summary>Reads the next event; false after the last one.</summary>
    /// <exception cref="SourceException">A row cannot be read, or is out of order.</exception>
    public bool TryRead(out SourceItem item)
    {
        // An event is returned once no later row can be earlier. At equal times it waits too: a later row may produce one that sorts before
        // it.
        while (!_ended && (_plan.AnyOrder || !(_waiting.TryPeek(out item, out _) && item.At.UnixMilliseconds < _frontier)))
        {
            _ended = !_csv.Read();
            if (!_ended)
            {
                ReadRow();
            }
        }

        if (!_waiting.TryDequeue(out item, out _))
        {
            return false;
        }

        _given = item.At.UnixMilliseconds;
        return true;
    }

    private void ReadRow()
    {
        if (_csv.Count != _header.Length)
        {
            throw new SourceException(_file, _csv.Line, null, $"expected {_header.Length} values, as the header has, found {_csv.Count}.");
        }

        var row = Rows++;
        var earliest = long.MaxValue;
        foreach (var made in _events)
        {
            if (!made.IsMadeOf(_csv) || Time(made) is not { } time)
            {
                continue;
            }

            earliest = Math.Min(earliest, time.UnixMilliseconds);
            var moment = time.UnixMilliseconds + made.Source.AfterMilliseconds;
            if (moment < _given)
            {
                throw Fault(made.TimeColumn, $"the time {time} is earlier than that of a row more than {_keptBack.Length} rows above it "
                    + $"({EventTime.FromTrusted(_given)}). Sort the file by this column, or check that it is the time of the event.");
            }

            if (moment > EventTime.MaxUnixMilliseconds)
            {
                throw Fault(made.TimeColumn, $"the time {time} is too late; expected a time before the year 10000.");
            }

            var at = EventTime.FromUnixMilliseconds(moment);
            _waiting.Enqueue(new(Event(made, at, row), made.Source.Event, row, at, made.Source), new(moment, made.Source.AfterMilliseconds == 0, row, made.Order));
        }

        if (earliest != long.MaxValue)
        {
            ref var leaving = ref _keptBack[row % _keptBack.Length];
            _frontier = Math.Max(_frontier, leaving);
            leaving = earliest;
        }
    }

    private EventTime? Time(RowEvent made)
    {
        var text = _csv[made.TimeIndex];
        if (text.IsEmpty)
        {
            return null;
        }

        return SourceValues.TryTime(text, _plan, out var time)
            ? time
            : throw NotOfType(made.TimeColumn, made.TimeIndex, FieldType.Timestamp);
    }

    private Event Event(RowEvent made, EventTime at, long row)
    {
        var happened = new Event(made.Source.Event.Name, made.Fields.Length);
        foreach (var (name, type, index, isTime) in made.Fields)
        {
            if (isTime)
            {
                happened.Add(name, at);
            }
            else if (index == RowEvent.FilledInLater)
            {
                // Filled in by the replay.
            }
            else if (index == RowEvent.RowNumber)
            {
                happened.Add(name, type == FieldType.String ? row.ToString(CultureInfo.InvariantCulture) : FieldValue.Of((decimal)row));
            }
            else if (!SourceValues.TryRead(_csv[index], type, _plan, out var value))
            {
                throw NotOfType(_header[index], index, type);
            }
            else if (value.Given != FieldType.None)
            {
                happened.Add(name, value);
            }
        }

        return happened;
    }

    private SourceException NotOfType(string column, int index, FieldType type)
    {
        var found = FieldErrors.Found(FieldValue.Of(_csv.Text(index)));
        var isSkipped = type == FieldType.Timestamp && SourceValues.TryTime(_csv[index], _plan with { Zone = null }, out _);
        var skipped = isSkipped ? $", which {_plan.Zone?.Id} does not have (its clocks are put forward over it)" : "";
        return Fault(column, $"expected {SourceValues.Expected(type, _plan)}, found {found}{skipped}.");
    }

    private SourceException Fault(string column, string message) => new(_file, _csv.Line, column, message);

    private static IEnumerable<string> ColumnsOf(SourceEvent made) =>
        made.Columns.Select(column => column.Column).Where(column => !column.StartsWith(SourcePlan.Word)).Concat(made.When is { } when ? [when.Column] : []);

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private readonly record struct Moment(long At, bool IsPlain, long Row, int Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other)
        {
            var order = At.CompareTo(other.At);
            order = order != 0 ? order : IsPlain.CompareTo(other.IsPlain);
            order = order != 0 ? order : Row.CompareTo(other.Row);
            return order != 0 ? order : Order.CompareTo(other.Order);
        }
    }

    /// <summary>An event that a row can produce, with its columns resolved to indexes.</summary>
    private sealed class RowEvent
    {
        /// <summary>In place of a column index: the row number.</summary>
        public const int RowNumber = -1;

        /// <summary>In place of a column index: not part of the row.</summary>
        public const int FilledInLater = -2;

        private readonly int _whenIndex = -1;
        private readonly byte[] _whenEqual = [];

        public RowEvent(SourceEvent source, int order, string[] header)
        {
            (Source, Order) = (source, order);
            var fields = source.Event.Fields;
            var time = source.Columns.FirstOrDefault(column => column.Slot == source.Event.TimeSlot)
                ?? throw new ArgumentException($"The source maps no column to the time of event '{source.Event.Name}'.", nameof(source));
            (TimeIndex, TimeColumn) = (Array.IndexOf(header, time.Column), time.Column);
            Fields = [.. source.Columns.OrderBy(column => column.Slot).Select(column => (
                fields[column.Slot].Name, fields[column.Slot].Type, IndexOf(column.Column, header), column.Slot == source.Event.TimeSlot))];
            if (source.When is { } when)
            {
                (_whenIndex, _whenEqual) = (Array.IndexOf(header, when.Column), Encoding.UTF8.GetBytes(when.Equal));
            }
        }

        public SourceEvent Source { get; }

        public int Order { get; }

        public int TimeIndex { get; }

        public string TimeColumn { get; }

        public (string Name, FieldType Type, int Index, bool IsTime)[] Fields { get; }

        private static int IndexOf(string column, string[] header) =>
            column == SourcePlan.RowNumber ? RowNumber : column.StartsWith(SourcePlan.Word) ? FilledInLater : Array.IndexOf(header, column);

        public bool IsMadeOf(CsvReader row) => _whenIndex < 0 || row[_whenIndex].SequenceEqual(_whenEqual);
    }
}
