using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>Which hosts live when they do not reach each other.</summary>
public sealed class PostgresArbiterTests
{
    [PostgresFact]
    public void A_host_that_was_killed_comes_back_and_outlives_the_one_that_outvoted_it()
    {
        var database = RegisteredHost.NewJournal();
        using var a = RegisteredHost.Register(database, "a");
        using var b = RegisteredHost.Register(database, "b");
        Assert.True(a.TryOutvote(b));

        // Restarted it is another member, at the same address.
        using var again = RegisteredHost.Register(database, "b-again");
        Assert.False(again.Registration.Founds);
        Assert.Equal([a.Id], again.Registration.Others.Select(host => host.Id));
        Assert.True(again.TryOutvote(a));
        Assert.False(a.TryOutvote(again));
        Assert.Equal([again.Id], again.Hosts.Live().Select(host => host.Id));
    }

    [PostgresFact]
    public void A_frozen_host_that_wakes_is_refused_however_late_it_asks()
    {
        var database = RegisteredHost.NewJournal();
        using var frozen = RegisteredHost.Register(database, "frozen");
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        Assert.True(one.TryOutvote(frozen));
        Assert.False(frozen.TryOutvote(one, other));

        // Its row is gone after a day: it is dead all the same.
        database.Execute($"UPDATE amoe.host SET lasts_until = now() - interval '2 days' WHERE id = {frozen.Id}");
        using var next = RegisteredHost.Register(database, "next");
        Assert.DoesNotContain(frozen.Id, next.Hosts.All().Select(host => host.Id));
        Assert.False(frozen.TryOutvote(one, other, next));
        Assert.Equal([one.Id, other.Id, next.Id], next.Hosts.Live().Select(host => host.Id));
    }

    [PostgresFact]
    [Trait("Breadth", "full")]
    public async Task Of_two_halves_that_ask_at_once_one_lives_and_the_other_is_dead()
    {
        var database = RegisteredHost.NewJournal();
        for (var round = 0; round < Breadth.Of(quick: 4, full: 10); round++)
        {
            database.Execute("DELETE FROM amoe.host");
            var hosts = Enumerable.Range(0, 4).Select(n => RegisteredHost.Register(database, $"host{n}")).ToList();
            var (left, right) = (hosts.Take(2).ToArray(), hosts.Skip(2).ToArray());

            // Each half's leader asks, and its other host as well: leaders may change.
            var won = await HostFaults.AtOnceAsync(4, n => hosts[n].TryOutvote(n < 2 ? right : left));

            Assert.Equal(won[0], won[1]);
            Assert.Equal(won[2], won[3]);
            Assert.NotEqual(won[0], won[2]);
            Assert.Equal(
                (won[0] ? left : right).Select(host => host.Id), hosts[0].Hosts.Live().Select(host => host.Id));
            Assert.All(
                hosts,
                host => Assert.NotEqual(host.TryOutvote(left.Contains(host) ? right : left), database.IsDead(host)));
            hosts.ForEach(host => host.Dispose());
        }
    }

    [PostgresFact]
    public void To_ask_again_changes_nothing_and_a_member_that_is_not_known_is_no_matter()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        for (var i = 0; i < 2; i++)
            Assert.True(
                one.Hosts.TryOutvote(one.Member, [other.Member, one.Member, RegisteredHost.MemberOf("not known")]));
        Assert.True(one.TryOutvote());
        Assert.False(one.Hosts.TryOutvote(RegisteredHost.MemberOf("not known"), [one.Member]));
        Assert.Equal([one.Id], one.Hosts.Live().Select(host => host.Id));
    }
}
