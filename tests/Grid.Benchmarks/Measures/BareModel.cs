using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

namespace Grid.Benchmarks;

/// <summary>The baseline of a decision: ONNX Runtime alone, one row at a time, over tensors that were bound before.</summary>
internal sealed class BareModel : IDisposable
{
    private readonly float[] _row;
    private readonly float[] _score = GC.AllocateArray<float>(1, pinned: true);
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly OrtValue _input;
    private readonly OrtValue _output;

    public BareModel(string file, string input, string output, int width)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, EnableCpuMemArena = false, EnableMemoryPattern = false };
        _row = GC.AllocateArray<float>(width, pinned: true);
        _session = new(file, options);
        _binding = _session.CreateIoBinding();
        _input = Bind(_row, [1, width]);
        _output = Bind(_score, [1, 1]);
        _binding.BindInput(input, _input);
        _binding.BindOutput(output, _output);
    }

    public float Score(ReadOnlySpan<float> row)
    {
        row.CopyTo(_row);
        _session.RunWithBinding(_run, _binding);
        return _score[0];
    }

    public void Dispose()
    {
        _binding.Dispose();
        _input.Dispose();
        _output.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private static OrtValue Bind(float[] pinned, long[] shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance,
        Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
        shape,
        Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0),
        pinned.Length * sizeof(float));
}
