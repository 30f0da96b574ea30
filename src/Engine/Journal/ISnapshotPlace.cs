namespace Amoe.Engine.Journal;

/// <summary>
/// Where partitions keep their latest states. Losing them loses nothing: recovery then reads more of the journal. So
/// trouble with it is reported and never thrown.
/// </summary>
internal interface ISnapshotPlace
{
    /// <summary>True once there is something to load from and to save in.</summary>
    bool IsMade { get; }

    /// <summary>Bytes of the snapshots now kept.</summary>
    long Bytes { get; }

    /// <summary>Looks what is there.</summary>
    void Open();

    /// <summary>Makes the place where there is none.</summary>
    /// <returns>False when it cannot be made.</returns>
    bool TryMake();

    /// <summary>A snapshot was not kept, or cannot be used.</summary>
    void Warn(string persistenceId, string what);
}
