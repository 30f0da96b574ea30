using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Tests.Journal;

/// <summary>Another program's hand in a file.</summary>
internal static class Sql
{
    public static void Run(string path, string sql)
    {
        using var connection = Open(path);
        connection.Run(sql);
    }

    /// <summary>Holds the file's lock, as who is about to write does, until it is disposed.</summary>
    public static IDisposable Hold(string path)
    {
        var connection = Open(path);
        connection.Run("BEGIN IMMEDIATE");
        return connection;
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }
}
