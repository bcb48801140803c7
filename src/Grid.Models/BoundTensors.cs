using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Grid.Models;

/// <summary>
/// The tensors of one scorer for one loaded model, bound once and run many times. An ONNX Runtime tensor has a fixed shape, so there is one
/// binding per number of rows and one per row that is run alone, all over the same memory; each is created on first use. Rounding up to a
/// power of two would waste work on unused rows.
/// </summary>
internal sealed class BoundTensors : IDisposable
{
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly OrtIoBinding?[] _batches;
    private readonly OrtIoBinding?[] _singles;

    /// <param name="model">Leased by the caller for the lifetime of this object.</param>
    /// <param name="input">Pinned; its rows are read by every run.</param>
    /// <param name="maxBatch">Number of rows in <paramref name="input"/>.</param>
    public BoundTensors(LoadedModel model, float[] input, int maxBatch)
    {
        Model = model;
        _input = input;
        _output = GC.AllocateArray<float>(maxBatch * model.Layout.Columns, pinned: true);
        _batches = new OrtIoBinding?[maxBatch + 1];
        _singles = new OrtIoBinding?[maxBatch];
    }

    public LoadedModel Model { get; }

    /// <summary>Scores rows starting at <paramref name="first"/>: a single row at any index, or several rows starting at 0.</summary>
    /// <exception cref="OnnxRuntimeException">The model failed; the output of these rows is invalid.</exception>
    public void Run(int first, int rows)
    {
        ref var binding = ref rows == 1 ? ref _singles[first] : ref _batches[rows];
        Model.Run(binding ??= Bind(first, rows));
        GC.KeepAlive(this);
    }

    public ReadOnlySpan<float> ScoresOf(int row) => _output.AsSpan(Model.Layout.IndexOf(row, 0), Model.Layout.Scores);

    public void Dispose()
    {
        foreach (var binding in _batches)
        {
            binding?.Dispose();
        }

        foreach (var binding in _singles)
        {
            binding?.Dispose();
        }
    }

    private OrtIoBinding Bind(int first, int rows)
    {
        // The binding keeps the tensors alive; the two wrappers are not needed afterwards.
        using var input = Over(_input, first * Model.Width, [rows, Model.Width]);
        using var output = Over(_output, first * Model.Layout.Columns, Model.Layout.ShapeOf(rows));
        var binding = Model.CreateBinding();
        try
        {
            binding.BindInput(Model.Source.Input, input);
            binding.BindOutput(Model.Source.Score, output);
            return binding;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    private static OrtValue Over(float[] pinned, int from, long[] shape)
    {
        var bytes = sizeof(float) * shape.Aggregate(1L, (product, dimension) => product * dimension);
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, Marshal.UnsafeAddrOfPinnedArrayElement(pinned, from), bytes);
    }
}
