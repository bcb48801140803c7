using Grid.Decisions.Plans;
using Grid.Postgres;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Orleans.Tests;

/// <summary>Three silos whose clocks differ, loads that are held up and lost at any step, and reads between all of these.</summary>
internal sealed class FileWorld
{
    private const int Loads = 7; // No more than are kept: every past moment can be read to the end.

    private readonly Random _random;
    private readonly LogStorage _storage;
    private readonly FakeTimeProvider _clock;
    private readonly OneSilo[] _silos;
    private readonly bool[] _isAtWork = new bool[3];
    private int _loads;
    private bool _resting;

    public FileWorld(Bundle bundle, LogStorage storage, FakeTimeProvider clock, int seed)
    {
        (_storage, _clock, _random) = (storage, clock, new(seed));
        var eighth = OneSilo.Ahead / 8;
        _silos =
        [
            .. Enumerable.Range(0, 3).Select(i => OneSilo.Create(bundle, new SkewedClock(clock, (i - 1) * eighth), storage, () => BetweenAsync(i))),
        ];
    }

    public List<(EventTime At, EventTime? Seen)> Seen { get; } = [];

    public int Refused { get; private set; }

    public int Lost { get; private set; }

    public async Task RunAsync()
    {
        while (_loads < Loads)
        {
            await LoadAsync();
            await BetweenAsync(-1);
        }

        _resting = true;
        _clock.Advance(TimeSpan.FromMinutes(10));
        var last = _silos[0];
        await last.Files.KnowAsync(last.Clock.Now()); // Takes away what nobody was sure of.
        var truth = (await _storage.Files.ListAsync(default)).ToList();
        Assert.All(truth, file => Assert.True(file.Sure));
        foreach (var (at, seen) in Seen)
        {
            Assert.Equal(truth.FindLast(file => file.Known <= at)?.Known, seen);
        }
    }

    private async Task LoadAsync()
    {
        var place = _random.Next(_silos.Length);
        if (_isAtWork[place])
        {
            return; // It would wait for itself.
        }

        _loads++;
        var silo = _silos[place];
        try
        {
            Assert.NotNull(await silo.Loader.LoadAsync(OneSilo.File(silo.Clock)));
        }
        catch (GridException e) when (e.Error == GridError.Unavailable)
        {
            Lost++;
        }
    }

    private async Task BetweenAsync(int place)
    {
        if (_resting)
        {
            return;
        }

        var wasAtWork = place < 0 || _isAtWork[place];
        if (place >= 0)
        {
            _isAtWork[place] = true;
        }

        try
        {
            await StepAsync();
        }
        finally
        {
            if (!wasAtWork)
            {
                _isAtWork[place] = false;
            }
        }
    }

    private async Task StepAsync()
    {
        var isDeep = _isAtWork.Count(one => one) > 1;
        for (var left = isDeep ? 1 : _random.Next(1, 5); left > 0; left--)
        {
            if (!isDeep)
            {
                await ReadAsync();
            }

            switch (_random.Next(48))
            {
                case 0 when _isAtWork.Contains(true):
                    throw new LogUnavailableException("Lost.", outcomeUnknown: true);
                case 1:
                    _clock.Advance(OneSilo.Ahead * 2 * _random.NextDouble());
                    break;
                case < 12:
                    _clock.Advance(OneSilo.Ahead * 0.5 * _random.NextDouble());
                    break;
                case < 16 when _loads < Loads:
                    await LoadAsync();
                    break;
            }
        }
    }

    private async Task ReadAsync()
    {
        var place = _random.Next(_silos.Length);
        var silo = _silos[place];
        var at = EventTime.FromUnixMilliseconds(silo.Clock.Now().UnixMilliseconds - (_random.Next(2) * _random.Next(6_000)));
        try
        {
            if (_isAtWork[place] && !silo.Files.Knows(at))
            {
                return; // It would wait for what is under way here.
            }

            await silo.Files.KnowAsync(at);
            Seen.Add((at, silo.SeenBy(at)));
        }
        catch (GridException e) when (e.Error == GridError.Unavailable)
        {
            Refused++;
        }
    }
}
