using System.Text;
using Grid.Features.Plans;

namespace Grid.Features.State.Loaded;

/// <summary>
/// A batch table: the values of some batch features of one kind, loaded at one time. Immutable and thread-safe. Stored in a few arrays,
/// whatever the number of entities.
/// </summary>
internal sealed class LoadedBatch
{
    private static readonly UTF8Encoding Utf8 = new(false, true);

    private readonly int[] _columns;
    private readonly int[] _slots;
    private readonly byte[] _keys;
    private readonly int[] _keyEnds;
    private readonly long[] _times;
    private readonly double[] _numbers;
    private readonly string[] _texts;

    /// <param name="kind">The kind.</param>
    /// <param name="features">Indexes into <see cref="KindPlan.Features"/>, in the order of each row's values.</param>
    /// <param name="rows">
    /// Key, computed-for time and values of each entity, each key once; <see cref="Value.Missing"/> for no value.
    /// </param>
    /// <param name="known">Visible from this time.</param>
    public LoadedBatch(KindPlan kind, IReadOnlyList<int> features, IReadOnlyList<(string Key, EventTime At, Value[] Values)> rows, EventTime known)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(rows);
        (Kind, Features, Known, Rows) = (kind, features, known, rows.Count);
        _columns = new int[kind.Features.Count];
        Array.Fill(_columns, -1);
        for (var i = 0; i < features.Count; i++)
        {
            _columns[features[i]] = i;
        }

        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, rows.Count * 2))];
        _keys = new byte[rows.Sum(row => Utf8.GetByteCount(row.Key))];
        (_keyEnds, _times, _numbers) = (new int[rows.Count], new long[rows.Count], new double[rows.Count * features.Count]);
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var end = 0;
        for (var row = 0; row < rows.Count; row++)
        {
            end += Utf8.GetBytes(rows[row].Key, _keys.AsSpan(end));
            (_keyEnds[row], _times[row]) = (end, rows[row].At.UnixMilliseconds);
            for (var i = 0; i < features.Count; i++)
            {
                _numbers[(row * features.Count) + i] = CodeOf(rows[row].Values[i], texts);
            }

            var slot = StableHash.Of(rows[row].Key) & (ulong)(_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (ulong)(_slots.Length - 1);
            }

            _slots[slot] = row + 1;
        }

        _texts = [.. texts.OrderBy(text => text.Value).Select(text => text.Key)];
    }

    private LoadedBatch(LoadedBatch other)
    {
        (Kind, Features, Rows) = (other.Kind, other.Features, other.Rows);
        (_columns, _slots, _keys, _keyEnds, _times, _numbers, _texts) =
            (other._columns, other._slots, other._keys, other._keyEnds, other._times, other._numbers, other._texts);
    }

    public KindPlan Kind { get; }

    /// <summary>Indexes into <see cref="KindPlan.Features"/>.</summary>
    public IReadOnlyList<int> Features { get; }

    /// <summary>The table is visible from this time.</summary>
    public EventTime Known { get; private init; }

    /// <summary>The number of entities in the table.</summary>
    public int Rows { get; }

    /// <summary>The earliest and latest computed-for time; <see cref="Known"/> if the table is empty.</summary>
    public (EventTime Oldest, EventTime Newest) Times => Rows == 0 ? (Known, Known) : (EventTime.FromTrusted(_times.Min()), EventTime.FromTrusted(_times.Max()));

    /// <summary>Size in bytes; strings are not counted.</summary>
    public long Bytes => _keys.Length + (sizeof(int) * (_slots.Length + _keyEnds.Length + _columns.Length)) + (8L * (_times.Length + _numbers.Length));

    /// <summary>The same values, visible from another time.</summary>
    public LoadedBatch SeenFrom(EventTime known) => new(this) { Known = known };

    /// <summary>Whether the table contains a feature.</summary>
    public bool Has(int feature) => _columns[feature] >= 0;

    /// <summary>The value of an entity and its computed-for time; false if the table does not contain the entity.</summary>
    public bool TryFind(string key, FeaturePlan feature, out Value value, out long at)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(feature);
        var row = RowOf(key);
        if (row < 0)
        {
            (value, at) = (Value.Missing, ReadValue.Nothing);
            return false;
        }

        var number = _numbers[(row * Features.Count) + _columns[feature.Ordinal]];
        value = feature.IsText && !double.IsNaN(number) ? Value.Of(_texts[(int)number]) : Value.Of(number);
        at = _times[row];
        return true;
    }

    private int RowOf(string key)
    {
        var most = Utf8.GetMaxByteCount(key.Length);
        var buffer = most <= 512 ? stackalloc byte[512] : new byte[most];
        var bytes = buffer[..Utf8.GetBytes(key, buffer)];
        for (var slot = StableHash.Of(key) & (ulong)(_slots.Length - 1); _slots[slot] != 0; slot = (slot + 1) & (ulong)(_slots.Length - 1))
        {
            var row = _slots[slot] - 1;
            if (_keys.AsSpan((row == 0 ? 0 : _keyEnds[row - 1]).._keyEnds[row]).SequenceEqual(bytes))
            {
                return row;
            }
        }

        return -1;
    }

    private static double CodeOf(in Value value, Dictionary<string, int> texts)
    {
        if (value.Text is not { } text)
        {
            return value.Number;
        }

        if (!texts.TryGetValue(text, out var code))
        {
            texts.Add(text, code = texts.Count);
        }

        return code;
    }
}
