using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>Reads, opens and checks a model file.</summary>
internal static class ModelLoad
{
    static ModelLoad() => Telemetry.TurnOff();

    /// <param name="source">The model.</param>
    /// <param name="toServe">Whether the model will score; only then are batches probed, which takes most of the load time.</param>
    /// <exception cref="ModelException">The model cannot serve.</exception>
    public static LoadedModel Load(ModelSource source, bool toServe = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(source.Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Scores, 1);
        if (source.FeatureNames is { } names && names.Count != source.Width)
        {
            throw new ArgumentException($"The view of model '{source.Name}' names {names.Count} features, but is {source.Width} wide.", nameof(source));
        }

        var bytes = ReadFile(source);
        var session = Open(source, bytes);
        try
        {
            ModelFit.Check(source, session);
            var layout = ModelProbe.Layout(source, session, out var oddScore);
            var batchesExactly = toServe && ModelProbe.BatchesExactly(source, session, layout);
            return new(source, Convert.ToHexStringLower(SHA256.HashData(bytes)), session, layout, batchesExactly) { OddScoreOfZeros = oddScore };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // Read as a whole, so that the version in the decision log is that of the loaded bytes even if the file is overwritten meanwhile.
    private static byte[] ReadFile(ModelSource source)
    {
        try
        {
            return File.ReadAllBytes(source.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelUnusableException(source, $"cannot be read: {e.Message} Paths of models are relative to their bundle.", e);
        }
    }

    private static InferenceSession Open(ModelSource source, byte[] bytes)
    {
        // One thread, because shards provide the parallelism. No arena: it takes a lock, and the shards share the session.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // Errors are thrown as exceptions, not logged to standard error.
        };
        try
        {
            return new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelUnusableException(
                source,
                $"is not a model that ONNX Runtime {OrtEnv.Instance().GetVersionString()} can read: {e.Message} "
                + "See that the file is whole, holds its own weights, and is exported for an opset that this version knows.",
                e);
        }
    }
}
