using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Watch;
using Amoe.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Akka;

/// <summary>The actor system's configuration: what of Akka.NET is not as it comes, and why.</summary>
internal static class AkkaConfiguration
{
    /// <summary>
    /// With any other level a read begins by taking a file's only write lock, and whoever meets it sleeps 150 ms. It reads what is committed all the same: a file's
    /// readers see one moment.
    /// </summary>
    private const string ReadWithoutLock = "read-isolation-level = read-uncommitted";

    /// <summary>The name of every host's actor system: those of one cluster have the same.</summary>
    public const string SystemName = "amoe";

    // Who has it hosts students; who only sends has proxies to those who do.
    private const string HostRole = "host";

    /// <param name="store">See <see cref="Store"/>; a test brings another, and what else it wants otherwise.</param>
    public static Config Of(AkkaOptions options, Config store) => store.WithFallback(ConfigurationFactory.ParseString($$"""
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          loggers = ["{{typeof(StandardErrorLogger).AssemblyQualifiedName}}"]
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          actor {
            provider = cluster
            serializers.amoe = "{{typeof(AmoeSerializer).AssemblyQualifiedName}}"
            serialization-bindings {
              {{string.Join("\n      ", AkkaMessages.All.Select(type => $"\"{type.AssemblyQualifiedName}\" = amoe"))}}
            }
          }
          remote.dot-netty.tcp {
            hostname = "{{options.Host}}"
            port = {{options.Port}}
          }
          cluster {
            roles = [{{(options.IsHost ? HostRole : "")}}]
            singleton.role = {{HostRole}}
            singleton-proxy.role = {{HostRole}}
            seed-nodes = [{{string.Join(", ", options.Seeds.Select(seed => $"\"akka.tcp://{SystemName}@{seed}\""))}}]
            # Hosts that cannot reach each other: the side with the majority goes on, the other ends, so that no student ever has two actors.
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver {
              active-strategy = keep-majority
              stable-after = 5s
            }
            failure-detector.acceptable-heartbeat-pause = 5s
            sharding {
              role = {{HostRole}}
              state-store-mode = ddata
              # A student is started by whoever speaks to him, and by the calendar on his days.
              remember-entities = off
              # He says himself when he has nothing to do.
              passivate-idle-entity-after = off
              distributed-data.durable.keys = []
            }
          }
          coordinated-shutdown {
            exit-clr = off
            run-by-clr-shutdown-hook = off
          }
        }
        """))
        .WithFallback(SqlPersistence.DefaultConfiguration)
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(ClusterSingletonManager.DefaultConfig())
        .WithFallback(DistributedPubSub.DefaultConfig());

    /// <summary>Akka.Persistence.Sql on the journal's database, in tables of its own.</summary>
    /// <param name="window">Commands under way: what its write queue has to take.</param>
    public static Config Store(JournalAddress address, int window)
    {
        var (provider, connection) = address.IsPostgres
            ? ("PostgreSQL.15", address.Connection.ConnectionString)
            : ("SQLite.MS", new SqliteConnectionStringBuilder { DataSource = address.Path }.ConnectionString);
        var plugin = $$"""
            connection-string = "{{connection.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}}"
            provider-name = "{{provider}}"
            {{(address.IsPostgres ? "" : ReadWithoutLock)}}
            """;
        return ConfigurationFactory.ParseString($$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                sql {
                  class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                  auto-initialize = true
                  # It drops what its queue does not hold, and then opens its circuit breaker: the entrance's window is what it has to hold.
                  buffer-size = {{Math.Max(5_000, 4 * window)}}
                  # A file has one writer at a time: a second one sleeps and tries again.
                  {{(address.IsPostgres ? "" : "parallelism = 1")}}
                  {{plugin}}
                }
              }
              query.journal.sql {
                class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
                write-plugin = "akka.persistence.journal.sql"
                {{plugin}}
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                sql {
                  class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                  auto-initialize = true
                  {{plugin}}
                }
              }
            }
            """);
    }
}
