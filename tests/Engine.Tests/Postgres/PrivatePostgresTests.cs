using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>The server that tests start for themselves: what others rest on has to hold.</summary>
public sealed class PrivatePostgresTests
{
    [PostgresFact]
    public void A_server_comes_back_after_a_kill_with_what_was_committed_and_is_gone_in_the_end()
    {
        string folder;
        using (var server = PrivatePostgres.Start("log_min_messages=log"))
        {
            folder = Path.GetDirectoryName(server.DataFolder)!;
            var database = server.NewDatabase();
            database.Execute("CREATE TABLE kept (value integer); INSERT INTO kept VALUES (7)");
            using var cut = new NpgsqlConnection(database.App);
            cut.Open();

            var first = server.Pid;
            server.Kill();
            Assert.Throws<NpgsqlException>(() => database.Execute("SELECT 1"));
            server.Restart();
            Assert.NotEqual(first, server.Pid);
            Assert.Equal(7, database.Scalar<int>("SELECT value FROM kept"));
            Assert.Contains("was not properly shut down", server.Log, StringComparison.Ordinal);

            server.Stop();
            server.Restart();
            Assert.Equal("on", database.Scalar<string>("SELECT current_setting('fsync')"));
        }

        Assert.False(Directory.Exists(folder));
    }

    [PostgresFact]
    public void Databases_are_apart_and_belong_to_a_role_with_a_password()
    {
        var (one, other) = (PrivatePostgres.Shared.NewDatabase(), PrivatePostgres.Shared.NewDatabase());
        Assert.NotEqual(one.Name, other.Name);
        using var owner = new NpgsqlConnection(one.App);
        owner.Open();
        using (var create = new NpgsqlCommand("CREATE SCHEMA mine", owner))
            create.ExecuteNonQuery();
        Assert.Equal(1, one.Scalar<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'mine'"));
        Assert.Equal(0, other.Scalar<long>("SELECT count(*) FROM pg_namespace WHERE nspname = 'mine'"));

        using var stranger = new NpgsqlConnection(
            PrivatePostgres.Shared.Connection(PrivatePostgres.AppRole, "wrong", one.Name));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, Assert.Throws<PostgresException>(stranger.Open).SqlState);
    }
}
