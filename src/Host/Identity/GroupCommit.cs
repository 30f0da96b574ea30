using System.Threading.Channels;

namespace Amoe.Host.Identity;

/// <summary>
/// Commits what many callers post, in one thread of its own and many items at a time: while one commit is synced the
/// next items gather, so that callers share a sync.
/// </summary>
/// <typeparam name="T">An item; the commit completes it.</typeparam>
internal sealed class GroupCommit<T> : IDisposable
{
    // Callers beyond it wait before they post.
    private const int WaitingMax = 8_192;

    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Action<List<T>> _commit;
    private readonly int _together;
    private readonly Thread _thread;

    /// <param name="name">The thread's.</param>
    /// <param name="together">The most items of one commit.</param>
    /// <param name="commit">
    /// Commits the items in order and completes each, also when it fails. It throws nothing.
    /// </param>
    public GroupCommit(string name, int together, Action<List<T>> commit)
    {
        (_together, _commit) = (together, commit);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <exception cref="ObjectDisposedException">It was closed.</exception>
    public async ValueTask PostAsync(T item)
    {
        try
        {
            await _waiting.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(_thread.Name);
        }
    }

    /// <summary>Commits what was posted, and takes no more.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
    }

    private void Run()
    {
        var items = new List<T>(_together);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (items.Count < _together && _waiting.Reader.TryRead(out var item))
                items.Add(item);
            _commit(items);
            items.Clear();
        }
    }
}
