using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Grid.Features.Sources;

/// <summary>
/// Reads comma-separated values (RFC 4180) in UTF-8, record by record and without allocating: quoted values may contain commas, line breaks
/// and doubled quotes. Lines end in LF or CRLF; empty lines and a byte order mark are skipped.
/// </summary>
internal sealed class CsvReader
{
    /// <summary>
    /// The maximum length of a record in bytes. Without it, an unclosed quote would read the rest of the file as one value.
    /// </summary>
    public const int MaxRecordBytes = 1 << 20;

    private static readonly SearchValues<byte> Signs = SearchValues.Create(",\r\n\""u8);
    private readonly Stream _stream;
    private readonly string _file;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private bool _drained;
    private bool _doubled;
    private (int From, int To)[] _values = new (int, int)[32];
    private long _lineEnds;
    private string[] _header = [];

    /// <param name="stream">Read to its end; not closed.</param>
    /// <param name="file">The file's name, for messages.</param>
    public CsvReader(Stream stream, string file)
        : this(stream, file, 1 << 17)
    {
    }

    internal CsvReader(Stream stream, string file, int bufferBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _file, _buffer) = (stream, file, new byte[bufferBytes]);
        Fill();
        _start = _buffer.AsSpan(0, _end).StartsWith(Utf8Text.ByteOrderMark) ? Utf8Text.ByteOrderMark.Length : 0;
    }

    /// <summary>The number of values in the record.</summary>
    public int Count { get; private set; }

    /// <summary>The line where the record starts, counted from 1.</summary>
    public long Line { get; private set; }

    /// <summary>A value of the record without its quotes, in UTF-8; valid until the next record is read.</summary>
    public ReadOnlySpan<byte> this[int index] => _buffer.AsSpan(_values[index].From, _values[index].To - _values[index].From);

    /// <summary>A value as text.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Reads the first record as column names, which messages use from then on.</summary>
    /// <remarks>Several columns may have no name: no source can refer to them.</remarks>
    /// <exception cref="SourceException">There is no record, or a name occurs twice.</exception>
    public string[] ReadHeader()
    {
        if (!Read())
        {
            throw new SourceException(_file, 1, null, "the file is empty; expected a line with the names of the columns.");
        }

        string[] names = [.. Enumerable.Range(0, Count).Select(Text)];
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length > 0 && Array.IndexOf(names, names[i]) is var first && first < i)
            {
                throw new SourceException(_file, Line, names[i],
                    $"found the name twice (columns {first + 1} and {i + 1}); expected each name once. Rename one of them.");
            }
        }

        return _header = names;
    }

    /// <summary>Reads the next record; false after the last one.</summary>
    /// <exception cref="SourceException">A quote is misplaced or unclosed, a value is not UTF-8, or the stream is truncated.</exception>
    public bool Read()
    {
        do
        {
            if (!ReadRecord())
            {
                return false;
            }
        }
        while (Count == 1 && this[0].IsEmpty);
        return true;
    }

    private bool ReadRecord()
    {
        Line = _lineEnds + 1;
        while (_start < _end || !_drained)
        {
            // A record that is only partly in the buffer is read again from its start once more data is available.
            var at = _start;
            _doubled = false;
            if (_start < _end && TryRecord(ref at))
            {
                if (!Utf8.IsValid(_buffer.AsSpan(_start, at - _start)))
                {
                    throw NotUtf8();
                }

                if (_doubled)
                {
                    HalveQuotes();
                }

                _start = at;
                return true;
            }

            Fill();
        }

        return false;
    }

    private bool TryRecord(ref int at)
    {
        Count = 0;
        _lineEnds = Line - 1;
        while (true)
        {
            var found = at < _end && _buffer[at] == '"' ? TryQuoted(ref at) : TryPlain(ref at);
            if (!found || (at == _end && !_drained))
            {
                return false;
            }

            if (at == _end)
            {
                return true;
            }

            switch (_buffer[at++])
            {
                case (byte)',':
                    break;
                case (byte)'\n':
                    _lineEnds++;
                    return true;
                case (byte)'\r' when at < _end && _buffer[at] == '\n':
                    at++;
                    _lineEnds++;
                    return true;
                case (byte)'\r' when at == _end && !_drained:
                    return false;
                case (byte)'\r':
                    throw Fault("a carriage return stands alone; lines end in LF or CRLF, and a value with one goes between quotes.");
                case (byte)'"':
                    throw Fault("a quote stands inside a value; put the whole value between quotes and write each quote in it twice.");
                default:
                    throw Fault("something follows the closing quote of a value; expected a comma or the end of the line.");
            }
        }
    }

    private bool TryPlain(ref int at)
    {
        var length = _buffer.AsSpan(at, _end - at).IndexOfAny(Signs);
        if (length < 0 && !_drained)
        {
            return false;
        }

        var to = length < 0 ? _end : at + length;
        Take(at, to);
        at = to;
        return true;
    }

    private bool TryQuoted(ref int at)
    {
        var from = at + 1;
        var (doubled, scan) = (false, from);
        while (true)
        {
            var length = _buffer.AsSpan(scan, _end - scan).IndexOf((byte)'"');
            if (length < 0)
            {
                return _drained ? throw Fault("the quote that begins a value here is never closed.") : false;
            }

            scan += length + 1;
            if (scan == _end && !_drained)
            {
                return false;
            }

            if (scan == _end || _buffer[scan] != '"')
            {
                break;
            }

            doubled = true;
            scan++;
        }

        var to = scan - 1;
        _lineEnds += _buffer.AsSpan(from, to - from).Count((byte)'\n');
        Take(from, to);
        _doubled |= doubled;
        at = scan;
        return true;
    }

    private void Take(int from, int to)
    {
        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Count * 2);
        }

        _values[Count++] = (from, to);
    }

    // Done only once the record is complete, because until then it may be read again from its start. A quote inside a value is always one
    // of a pair.
    private void HalveQuotes()
    {
        for (var i = 0; i < Count; i++)
        {
            var (from, to) = _values[i];
            var write = from;
            for (var read = from; read < to; read++)
            {
                _buffer[write++] = _buffer[read];
                read += _buffer[read] == '"' ? 1 : 0;
            }

            _values[i] = (from, write);
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            if (_end >= MaxRecordBytes)
            {
                throw Fault($"the record that begins here is longer than {MaxRecordBytes} bytes; is a quote never closed?");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            while (!_drained && _end < _buffer.Length)
            {
                var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
                _drained = read == 0;
                _end += read;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new SourceException(_file, Line, null, $"the file cannot be read on from here: {e.Message}", e);
        }
    }

    // Commas, quotes and line ends are single bytes in UTF-8, so an invalid byte is always within a value.
    private SourceException NotUtf8()
    {
        for (var i = 0; i < Count; i++)
        {
            if (Utf8Text.IndexOfInvalid(this[i]) is var at and >= 0)
            {
                var column = i < _header.Length ? _header[i] : (i + 1).ToString(CultureInfo.InvariantCulture);
                return new(_file, Line, column, Utf8Text.Fault(this[i][at]));
            }
        }

        return Fault("found bytes that are not UTF-8; expected text in UTF-8.");
    }

    private SourceException Fault(string message) => new(_file, Line, null, message);
}
