using System.Data.Common;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Tests.Actors;
using LinqToDB;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// The store of one test's journal: a file, or a schema of a database. Contract suites run over each; what differs
/// between the stores is here and nowhere else.
/// </summary>
internal abstract class TestStore : IDisposable
{
    /// <summary>What messages call the journal.</summary>
    public abstract string Name { get; }

    /// <summary>What messages call its snapshots.</summary>
    public abstract string SnapshotsName { get; }

    /// <summary>The store's part of the configuration.</summary>
    public abstract string Configuration { get; }

    /// <summary>The store's journal plugin with <see cref="CommitGate"/> around it.</summary>
    public abstract Type GatedJournal { get; }

    /// <summary>What a failure says when the disk is full.</summary>
    public abstract string SaysFullDisk { get; }

    /// <summary>What a failure says when another program locks the table for too long.</summary>
    public abstract string SaysLocked { get; }

    /// <summary>The column that tells any row of a table from the others.</summary>
    public abstract string RowKey { get; }

    /// <summary>Makes the journal and opens it for writing.</summary>
    public abstract PartitionJournal Create(JournalIdentity identity);

    /// <summary>Opens the journal for writing.</summary>
    public abstract PartitionJournal Open();

    public abstract PartitionJournal OpenReadOnly();

    /// <summary>Another program's connection to the journal's tables.</summary>
    public abstract DbConnection Connect();

    /// <summary>Another program's connection to the table of snapshots.</summary>
    public abstract DbConnection ConnectToSnapshots();

    /// <summary>Locks the table against writers until it is disposed.</summary>
    public abstract IDisposable Hold();

    /// <summary>Makes a copy of the journal without its snapshots.</summary>
    public abstract void Keep();

    /// <summary>Puts the copy in the journal's place. Nothing has it open.</summary>
    public abstract void Restore();

    /// <summary>What the store's driver throws at an insert when the disk is full.</summary>
    public abstract Exception FullDisk();

    /// <summary>The plugins' connections to a journal that is open for writing.</summary>
    public abstract (DataOptions Journal, DataOptions Snapshots) ConnectionsOf(
        PartitionJournal journal, EngineOptions options);

    public abstract void Dispose();

    /// <summary>Runs a statement as another program would, and returns how many rows it changed.</summary>
    public int Run(string sql, params object[] values)
    {
        using var connection = Connect();
        return connection.Run(sql, values);
    }

    /// <summary>Flips a bit in the middle of an event's message.</summary>
    public void FlipBit(string persistenceId, long sequenceNumber)
    {
        using var connection = Connect();
        var message = (byte[])connection.Scalar(
            "SELECT message FROM journal WHERE persistence_id = @p0 AND sequence_number = @p1", persistenceId,
            sequenceNumber)!;
        message[message.Length / 2] ^= 1;
        connection.Run(
            "UPDATE journal SET message = @p2 WHERE persistence_id = @p0 AND sequence_number = @p1", persistenceId,
            sequenceNumber, message);
    }
}

internal static class Statements
{
    /// <param name="values">Of the parameters <c>@p0</c>, <c>@p1</c>, …</param>
    public static int Run(this DbConnection connection, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <inheritdoc cref="Run"/>
    public static object? Scalar(this DbConnection connection, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar();
    }

    private static DbCommand Command(this DbConnection connection, string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
