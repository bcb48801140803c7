using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Sources;

namespace Grid.Decisions.Definitions;

/// <summary>The files of a bundle: the parsed YAML files, and the hash of all files.</summary>
internal sealed class BundleFiles
{
    private static readonly string[] Endings = [".yaml", ".yml"];
    private readonly string _folder;
    private readonly SortedDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    private BundleFiles(string folder) => _folder = folder;

    /// <summary>Names of the YAML files, in reading order.</summary>
    public IEnumerable<string> Names => _contents.Keys;

    /// <summary>Reads every YAML file at the top level of a folder.</summary>
    public static BundleFiles Open(string folder, DiagnosticList faults)
    {
        var files = new BundleFiles(folder);
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder).Where(path => Endings.Contains(Path.GetExtension(path))))
            {
                files._contents.Add(Path.GetFileName(path), File.ReadAllBytes(path));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add(new(folder, 0, 0), "", $"The folder cannot be read: {failure.Message}");
            return files;
        }

        if (files._contents.Count == 0)
        {
            faults.Add(new(folder, 0, 0), "", "The folder has no .yaml file; a bundle has at least one, such as bundle.yaml.");
        }

        return files;
    }

    /// <summary>
    /// Merges the files; null (with a diagnostic) if a file is not valid YAML, because further diagnostics would be guesses.
    /// </summary>
    public YamlMap? Read(DiagnosticList faults)
    {
        var parts = new List<YamlMap>();
        foreach (var (name, bytes) in _contents)
        {
            if (Text(name, bytes, faults) is { } text && YamlReader.Read(text, name, faults) is { } part)
            {
                parts.Add(part);
            }
        }

        if (!faults.IsEmpty && parts.Count < _contents.Count)
        {
            return null;
        }

        return parts.Count == 0 ? new(new(_contents.Keys.First(), 1, 1), "", []) : YamlFiles.Join(parts, faults);
    }

    /// <summary>Twelve hexadecimal digits of the hash of names and contents of the YAML files and model files.</summary>
    /// <param name="models">Full paths of the model files.</param>
    public string Hash(IEnumerable<string> models)
    {
        var all = new SortedDictionary<string, byte[]>(_contents, StringComparer.Ordinal);
        foreach (var path in models)
        {
            all[Path.GetRelativePath(_folder, path).Replace('\\', '/')] = File.ReadAllBytes(path);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in all)
        {
            Append(hash, Encoding.UTF8.GetBytes(name));
            Append(hash, bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    // Preceded by its length, so that different lists of files never concatenate to the same bytes.
    private static void Append(IncrementalHash hash, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static string? Text(string name, byte[] bytes, DiagnosticList faults)
    {
        if (Utf8Text.IndexOfInvalid(bytes) is not (var at and >= 0))
        {
            var mark = bytes.AsSpan().StartsWith(Utf8Text.ByteOrderMark) ? Utf8Text.ByteOrderMark.Length : 0;
            return Encoding.UTF8.GetString(bytes.AsSpan(mark));
        }

        var before = bytes.AsSpan(0, at);
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        var place = new YamlMark(name, 1 + before.Count((byte)'\n'), 1 + Encoding.UTF8.GetCharCount(line));
        faults.Add(place, "", $"Found the byte 0x{bytes[at]:X2}, which is not UTF-8; save the file as UTF-8.");
        return null;
    }
}
