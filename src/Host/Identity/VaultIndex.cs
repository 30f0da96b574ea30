using System.Buffers.Binary;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>The first 16 bytes of the keyed hash of a CIN or Massar number.</summary>
internal readonly record struct NumberHash(ulong High, ulong Low)
{
    public const int Bytes = 16;

    public static NumberHash Of(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>The hashes of a row, one after another.</summary>
    public static NumberHash[] Split(ReadOnlySpan<byte> bytes)
    {
        var hashes = new NumberHash[bytes.Length / Bytes];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = Of(bytes[(i * Bytes)..]);
        return hashes;
    }

    public static byte[] Join(IReadOnlyList<NumberHash> hashes)
    {
        var bytes = new byte[hashes.Count * Bytes];
        for (var i = 0; i < hashes.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * Bytes), hashes[i].High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * Bytes + 8), hashes[i].Low);
        }

        return bytes;
    }
}

/// <summary>
/// Who has which number, and where a student's rows are. It is in memory, so that rows are appended: an index in a file
/// is written at a random page for each number, which took most of a registration's time. 600,000 persons take some
/// 60 MB.
/// </summary>
/// <remarks>
/// The writer sees its own changes at once and everyone else sees them once they are on disk:
/// <see cref="Publish"/>, or <see cref="Discard"/>.
/// </remarks>
internal sealed class VaultIndex
{
    private readonly Lock _gate = new();

    // Under the gate.
    private readonly Dictionary<NumberHash, StudentId> _owners = [];
    private readonly Dictionary<StudentId, int> _places = [];
    private readonly HashSet<StudentId> _erased = [];

    // Of the writer's thread alone. Null is what a change took away.
    private readonly Dictionary<NumberHash, StudentId?> _ownersPending = [];
    private readonly Dictionary<StudentId, int> _placesPending = [];
    private int _lastPlace;

    /// <summary>Room for so many persons, without what growing by doubling would take.</summary>
    public void Reserve(int persons)
    {
        _owners.EnsureCapacity(persons * 2 + persons / 2);
        _places.EnsureCapacity(persons + persons / 4);
    }

    /// <summary>Adds what a file has, before anyone else uses the index.</summary>
    /// <exception cref="VaultException">The two files have the student at different places.</exception>
    public void Load(int place, StudentId student, ReadOnlySpan<byte> numbers)
    {
        if (_places.TryGetValue(student, out var other) && other != place)
            throw new VaultException(
                $"vault.db and keys.db disagree about student {student}: they are not of one vault's life. Put back the two newest copies.");
        _places[student] = place;
        _lastPlace = Math.Max(_lastPlace, place);
        foreach (var hash in NumberHash.Split(numbers))
            _owners[hash] = student;
    }

    public void LoadErased(StudentId student) => _erased.Add(student);

    public StudentId? OwnerOf(NumberHash hash)
    {
        lock (_gate)
            return _owners.TryGetValue(hash, out var owner) ? owner : null;
    }

    /// <summary>Where the student's rows are; null when the student has none.</summary>
    public int? PlaceOf(StudentId student)
    {
        lock (_gate)
            return _places.TryGetValue(student, out var place) ? place : null;
    }

    public bool IsErased(StudentId student)
    {
        lock (_gate)
            return _erased.Contains(student);
    }

    public StudentId? PendingOwnerOf(NumberHash hash) =>
        _ownersPending.TryGetValue(hash, out var owner) ? owner : OwnerOf(hash);

    public int? PendingPlaceOf(StudentId student) =>
        _placesPending.TryGetValue(student, out var place) ? place : PlaceOf(student);

    /// <summary>
    /// False for a number that was given before, also one that was erased, or whose data an older file lacks.
    /// </summary>
    public bool IsFree(StudentId student) => PendingPlaceOf(student) is null && !IsErased(student);

    /// <returns>The place of the new student's rows.</returns>
    public int Add(StudentId student, IEnumerable<NumberHash> numbers)
    {
        _placesPending[student] = ++_lastPlace;
        foreach (var hash in numbers)
            _ownersPending[hash] = student;
        return _lastPlace;
    }

    public void Change(StudentId student, IReadOnlyList<NumberHash> before, IReadOnlyList<NumberHash> after)
    {
        foreach (var hash in before)
            _ownersPending[hash] = null;
        foreach (var hash in after)
            _ownersPending[hash] = student;
    }

    /// <summary>Shows the writer's changes to everyone.</summary>
    public void Publish()
    {
        lock (_gate)
        {
            foreach (var (hash, owner) in _ownersPending)
            {
                if (owner is { } student)
                    _owners[hash] = student;
                else
                    _owners.Remove(hash);
            }

            foreach (var (student, place) in _placesPending)
                _places[student] = place;
        }

        Discard();
    }

    /// <summary>Takes the writer's changes back. A place is not used again.</summary>
    public void Discard()
    {
        _ownersPending.Clear();
        _placesPending.Clear();
    }

    /// <summary>Forgets a student, whose number stays used.</summary>
    public void Erase(StudentId student, IReadOnlyList<NumberHash> numbers)
    {
        lock (_gate)
        {
            foreach (var hash in numbers)
                _owners.Remove(hash);
            _places.Remove(student);
            _erased.Add(student);
        }
    }
}
