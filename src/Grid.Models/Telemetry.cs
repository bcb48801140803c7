using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

namespace Grid.Models;

/// <summary>
/// Turns off the telemetry of ONNX Runtime, which otherwise reports the models it runs to its vendor. Set
/// <c>ORT_DISABLE_TELEMETRY=0</c> for the process to keep it on.
/// </summary>
internal static partial class Telemetry
{
    /// <summary>Turns telemetry off for the process; call before the first model is opened.</summary>
    public static void TurnOff()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Must precede the creation of the environment, which stores an id of the machine and sends the first event. Native code reads
            // the variable and does not see Environment.SetEnvironmentVariable.
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
