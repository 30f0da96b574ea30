using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions;

public sealed class StudentTableTests
{
    [Fact]
    public void Finds_what_a_dictionary_finds_whatever_comes_and_goes()
    {
        for (var seed = 1ul; seed <= 50; seed++)
        {
            var (dice, table, model) = (new Dice(seed), new StudentTable(), new Dictionary<StudentId, StudentActor>());
            for (var step = 0; step < 2_000; step++)
            {
                var id = new StudentId((ulong)dice.Below(300));
                if (dice.Chance(60))
                {
                    var cell = new StudentActor(id);
                    table.Put(cell);
                    model[id] = cell;
                }
                else
                {
                    table.Remove(id);
                    model.Remove(id);
                }

                var asked = new StudentId((ulong)dice.Below(300));
                Assert.Same(model.GetValueOrDefault(asked), table.Find(asked));
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model.Keys.Order(), table.Select(cell => cell.Id).Order());
        }
    }
}
