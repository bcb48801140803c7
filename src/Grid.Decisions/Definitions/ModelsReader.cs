using Grid.Decisions.Plans;
using Grid.Features.Definitions;
using Grid.Features.Definitions.Yaml;
using Grid.Features.Naming;

namespace Grid.Decisions.Definitions;

/// <summary>Reads models: <c>{ file: models/trees.onnx, input: x, score: p }</c>, with the file relative to the bundle's folder.</summary>
internal sealed class ModelsReader(string folder, DiagnosticList faults)
{
    private static readonly string[] Keys = ["file", "input", "score", "columns"];
    private readonly List<ModelDefinition> _all = [];

    /// <summary>All models read so far, including those defined inline in decisions.</summary>
    public IReadOnlyList<ModelDefinition> All => _all;

    /// <summary>Describes what a model returns per row.</summary>
    public static string Described(IReadOnlyList<string> columns) => columns.Count == 0 ? "a score" : string.Join(", ", columns);

    /// <summary>The models of the section <c>models</c>, by name.</summary>
    public IReadOnlyDictionary<string, ModelDefinition> Read(YamlMap section)
    {
        var models = new Dictionary<string, ModelDefinition>(StringComparer.Ordinal);
        foreach (var entry in section.Entries)
        {
            Names.Check(entry.Key, faults);
            models.Add(entry.Name, Read(entry.Name, entry.Value));
        }

        return models;
    }

    public ModelDefinition Read(string name, YamlValue value)
    {
        var model = new ModelDefinition(name, value, Plan(name, value));
        _all.Add(model);
        return model;
    }

    private ModelPlan? Plan(string name, YamlValue value)
    {
        if (value is not YamlMap map)
        {
            faults.Add(value, $"Expected a model such as {{ file: models/trees.onnx, input: x, score: p }}, found {value.Words}.");
            return null;
        }

        var reader = new MapReader(map, faults);
        reader.Only(Keys);
        var file = reader.RequiredText("file", "the path of an ONNX file in the bundle's folder") is { } path ? Find(path) : null;
        var input = reader.RequiredText("input", "the name of the tensor that takes the vector");
        var score = reader.RequiredText("score", "the name of the tensor that gives the score");
        var columns = Columns(reader);
        return file is null || input is null || score is null || columns is null ? null : new(name, file, input.Text, score.Text, columns);
    }

    /// <summary>Names of the numbers that a model returns per row; null (with a diagnostic) if they are invalid.</summary>
    private List<string>? Columns(MapReader reader)
    {
        const string Expected = "the names of the numbers that the model gives for a row, such as [p50, p20, p80]";
        var names = new List<string>();
        var fine = true;
        foreach (var item in reader.List("columns", Expected)?.Items ?? [])
        {
            if (item is not YamlText { IsEmpty: false } name)
            {
                faults.Add(item, $"Expected {Expected}, found {item.Words}.");
                fine = false;
            }
            else if (names.Contains(name.Text) || name.Text == RequestScope.ScoreName)
            {
                faults.Add(name, $"{name.Words} is {(name.Text == RequestScope.ScoreName ? "what the first of them is called anyway" : "there twice")}; expected another name.");
                fine = false;
            }
            else
            {
                Names.Check(name, faults);
                names.Add(name.Text);
            }
        }

        return fine ? names : null;
    }

    private string? Find(YamlText path)
    {
        // A bundle is deployed as one folder, so its paths must not leave it.
        if (path.Text.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(path.Text) || path.Text.Split('/', '\\').Contains(".."))
        {
            faults.Add(path, $"Found {path.Words}; expected a path below the bundle's folder, such as models/trees.onnx.");
            return null;
        }

        var full = Path.GetFullPath(Path.Combine(folder, path.Text));
        if (File.Exists(full))
        {
            return full;
        }

        var known = Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories)
            .Select(found => Path.GetRelativePath(folder, found).Replace('\\', '/')).Order(StringComparer.Ordinal);
        faults.Add(path, $"There is no file {path.Words} in the bundle's folder.{NearNames.Hint(path.Text, known)}");
        return null;
    }
}
