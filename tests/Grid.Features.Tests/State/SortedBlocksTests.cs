using Grid.Features.State;

namespace Grid.Features.Tests.State;

public sealed class SortedBlocksTests
{
    [Theory]
    [InlineData(1, 20, 10)]
    [InlineData(2, 4_000, 60)]
    [InlineData(3, 20_000, 1_000_000)]
    [InlineData(4, 20_000, 3)]
    public void It_is_a_sorted_list(int seed, int steps, int values)
    {
        var random = new Random(seed);
        var (blocks, plain) = (new SortedBlocks<long>(), new List<long>());
        for (var i = 0; i < steps; i++)
        {
            // It grows, shrinks to nothing, and grows again; a good part of it in order.
            var value = random.Next(3) == 0 ? i : (long)random.Next(values);
            var grows = i % (steps / 2) < steps / 4;
            if (random.Next(4) == 0 ? !grows : grows)
            {
                blocks.Add(value);
                plain.Insert(CountUpTo(plain, value), value);
            }
            else
            {
                value = plain.Count > 0 && random.Next(9) > 0 ? plain[random.Next(plain.Count)] : value;
                Assert.Equal(plain.Remove(value), blocks.Remove(value));
            }

            Assert.Equal(plain.Count, blocks.Count);
            Assert.Equal(CountUpTo(plain, value), blocks.UpTo(value));
            Assert.Equal(CountUpTo(plain, value - 1), blocks.Before(value));
            if (plain.Count > 0)
            {
                var rank = random.Next(plain.Count);
                Assert.Equal(plain[rank], blocks[rank]);
            }

            if (i % 1_000 == 999)
            {
                Assert.Equal(plain, Enumerable.Range(0, blocks.Count).Select(rank => blocks[rank]));
            }
        }
    }

    private static int CountUpTo(List<long> plain, long value)
    {
        var at = plain.BinarySearch(value + 1);
        at = at < 0 ? ~at : at;
        while (at > 0 && plain[at - 1] > value)
        {
            at--;
        }

        return at;
    }
}
