namespace Amoe.Host.Access;

/// <summary>
/// The keys that a host accepts. Each second it reads the file again, so that a key revoked or made by another process
/// is refused or accepted without a restart; authentication itself never waits for a disk.
/// </summary>
internal sealed class ApiKeys : IDisposable
{
    /// <summary>After which a change of the file holds at the latest.</summary>
    public static readonly TimeSpan RereadPeriod = TimeSpan.FromSeconds(1);

    private readonly KeyFile? _file;
    private readonly TimeProvider _time;
    private readonly Action<string> _report;
    private readonly ITimer? _timer;
    private readonly Lock _gate = new();

    private volatile KeyRing _ring;
    private byte[] _bytes;
    private string? _problem;

    private ApiKeys(KeyFile file, TimeProvider time, Action<string> report)
    {
        (_file, _time, _report) = (file, time, report);
        _bytes = file.ReadBytes();
        _ring = new KeyRing(file.Parse(_bytes));
        _timer = time.CreateTimer(_ => Reread(), null, RereadPeriod, RereadPeriod);
    }

    private ApiKeys(StoredKey development, TimeProvider time)
    {
        (_time, _report, _bytes) = (time, _ => { }, []);
        _ring = new KeyRing([development], key => key.Caller with { IsDevelopment = true });
    }

    /// <summary>
    /// Makes one key that may make every call, for a host that is tried out on one machine. It ends with the process.
    /// </summary>
    /// <param name="key">The key, to be printed.</param>
    public static ApiKeys OfDevelopment(TimeProvider time, out string key)
    {
        var (id, secret, hash) = (ApiKey.NewId(), ApiKey.NewSecret(), new byte[32]);
        ApiKey.Hash(secret, hash);
        key = ApiKey.Text(id, secret);
        return new ApiKeys(
            new StoredKey(id, hash, "development", Role.None, null, null, time.GetUtcNow(), null, null), time);
    }

    /// <summary>Reads a file of keys, and follows it until it is disposed.</summary>
    /// <param name="path">Of the file, which has to be there.</param>
    /// <param name="time">When keys expire, and the file is read again.</param>
    /// <param name="report">
    /// Gets a line when the keys changed, when the file cannot be used any more, and when it can again.
    /// </param>
    /// <exception cref="InputException">The file cannot be used; the message names line and field.</exception>
    public static ApiKeys Open(string path, TimeProvider time, Action<string> report) =>
        new(new KeyFile(path), time, report);

    /// <summary>How many keys the file has, the revoked ones included.</summary>
    public int Count => _ring.Count;

    /// <summary>Why the file cannot be used any more; null while it can. The keys read last stay in force.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
                return _problem;
        }
    }

    /// <summary>
    /// Gives the caller whose key this is; null for one that is unknown, wrong, revoked, expired or no key, which takes
    /// the same time for the first four. It allocates nothing.
    /// </summary>
    public Caller? Authenticate(ReadOnlySpan<char> presented) => _ring.Authenticate(presented, _time);

    public void Dispose() => _timer?.Dispose();

    /// <summary>
    /// Compares contents. A time of change would miss a second change in the same tick of the file system's clock.
    /// </summary>
    private void Reread()
    {
        lock (_gate)
        {
            try
            {
                var bytes = _file!.ReadBytes();
                if (!bytes.AsSpan().SequenceEqual(_bytes))
                {
                    _ring = new KeyRing(_file.Parse(bytes));
                    _bytes = bytes;
                    _report($"{_file.FilePath}: the keys changed; {_ring.Count} are in force");
                }
                else if (_problem is not null)
                {
                    _report($"{_file.FilePath}: the keys can be read again");
                }

                _problem = null;
            }
            catch (InputException e)
            {
                // A host that refused everyone because of a slip in a file would be down for a typing error.
                if (_problem != e.Message)
                    _report($"{e.Message} The keys as they were read before stay in force.");
                _problem = e.Message;
            }
        }
    }
}
