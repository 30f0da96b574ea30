using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Tests.Journal;

/// <summary>Another program's hand in a file.</summary>
internal static class Sql
{
    public static void Run(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
