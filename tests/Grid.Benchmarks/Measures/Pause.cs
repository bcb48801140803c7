using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grid.Benchmarks;

/// <summary>
/// Waits for a moment without the processor. A sender that turns round and round until its next request is due keeps one of two processors to itself, and the journal's thread
/// waits behind it for as long as the scheduler lets it: 4 ms in 100 cases.
/// </summary>
internal static partial class Pause
{
    private const int Monotonic = 1;
    private const int Absolute = 1;
    private const int TimerSlack = 29;
    private const long Second = 1_000_000_000;

    /// <summary>Has this thread woken as soon as it is due, and not together with others some 50 us later.</summary>
    public static void Precisely()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(TimerSlack, 1);
        }
    }

    /// <summary>Returns soon after the moment, by the clock of <see cref="Stopwatch"/>; at once where it is over.</summary>
    public static void Until(long timestamp)
    {
        if (OperatingSystem.IsLinux())
        {
            // That clock in nanoseconds.
            var until = new Time(timestamp / Second, timestamp % Second);
            while (Stopwatch.GetTimestamp() < timestamp && Sleep(Monotonic, Absolute, in until, 0) != 0)
            {
            }

            return;
        }

        while (Stopwatch.GetTimestamp() < timestamp)
        {
            Thread.Yield();
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int Sleep(int clock, int flags, in Time until, nint left);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint nanoseconds);

    private readonly record struct Time(long Seconds, long Nanoseconds);
}
