using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>
/// ONNX Runtime tells its makers of the models that it runs, unless asked not to: what is decided here, and with what, is nobody's else. Who wants it told sets
/// <c>ORT_DISABLE_TELEMETRY=0</c> for the process.
/// </summary>
internal static partial class Telemetry
{
    /// <summary>Turns it off for the process, before the first model is opened.</summary>
    public static void TurnOff()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Before its environment is made: that keeps an id of the machine and sends the first event. Read by native code, which does not see what
            // Environment.SetEnvironmentVariable sets.
            _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 0);
        }

        if (Environment.GetEnvironmentVariable("ORT_DISABLE_TELEMETRY") != "0")
        {
            OrtEnv.Instance().DisableTelemetryEvents();
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
