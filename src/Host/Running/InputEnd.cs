namespace Amoe.Host.Running;

/// <summary>
/// Standard input, open while the process that started this one lives: it closes with that process, however that ends.
/// </summary>
internal static class InputEnd
{
    /// <summary>Cancels when standard input ends.</summary>
    public static void Watch(CancellationTokenSource source)
    {
        var watcher = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            Span<byte> ignored = stackalloc byte[256];
            try
            {
                while (input.Read(ignored) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Closed is closed.
            }

            source.Cancel();
        })
        {
            IsBackground = true,
            Name = "input",
        };
        watcher.Start();
    }
}
