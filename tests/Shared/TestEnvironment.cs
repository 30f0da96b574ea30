using System.Runtime.CompilerServices;

namespace Amoe.Tests.Shared;

/// <summary>
/// Prepares the process of a test assembly before its first test, and so every process that a test starts.
/// </summary>
internal static class TestEnvironment
{
    private const string Memory = "/dev/shm";

    /// <summary>
    /// Test servers keep up to two gigabytes of log; a container's default of 64 MB is no place for them.
    /// </summary>
    private const long FreeMin = 4L << 30;

    [ModuleInitializer]
    internal static void Prepare()
    {
        // Tests kill processes and never the machine: a file in memory outlives what a file on a disk outlives, and its
        // syncs cost nothing.
        if (Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= FreeMin)
            Environment.SetEnvironmentVariable("TMPDIR", Memory);

        // The program compiles fully what was not compiled ahead (docs/adr/0002). A test's process lives a moment: most
        // of its processor time would go into what runs once.
        Environment.SetEnvironmentVariable("DOTNET_TC_QuickJit", "1");

        // A process that is killed leaves the sockets of its diagnostics in the temporary folder.
        Environment.SetEnvironmentVariable("DOTNET_EnableDiagnostics", "0");
    }
}
