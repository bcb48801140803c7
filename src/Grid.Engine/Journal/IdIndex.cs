using System.Diagnostics.CodeAnalysis;

namespace Grid.Engine;

/// <summary>
/// Where in the journal an id was seen: recent ones here, older ones in the database (<see cref="JournalReader.FindIds"/>). An entry says "look
/// there", never "it is": who finds one reads the record and compares the id. Also keeps the labels that wait for their event, under the same
/// locks, so that a label and its event cannot miss each other; and the ids that are claimed by an event which is not journaled yet, so
/// that of two events with one id that come at the same moment the second finds the first, whoever owns them.
/// </summary>
/// <param name="stored">The ids that the database may hold.</param>
internal sealed class IdIndex(StoredIds stored)
{
    /// <summary>How many parts the index has: by the upper bits of the key, so that each is a range of keys.</summary>
    public const int Stripes = 64;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    public int Count => _stripes.Sum(stripe => stripe.CountNow());

    /// <summary>Bytes of the entries and the room for more.</summary>
    public long AllocatedBytes => _stripes.Sum(stripe => stripe.BytesNow());

    public void Add(ulong key, long position) => Of(key).Add(key, position);

    /// <summary>
    /// Claims the key for an event until <see cref="Release"/>. While it is claimed nobody else gets past here with an event of the same
    /// key. (Two ids may share a key: then one waits for the other in vain, and that is all.)
    /// </summary>
    public IdClaim TryClaim(ulong key) => Of(key).TryClaim(key, stored);

    /// <summary>Claims the key, or has a message wait for its release: it is sent to the shard again then.</summary>
    public IdClaim TryClaimOrWait(ulong key, Shard shard, ShardMessage message) => Of(key).TryClaimOrWait(key, stored, shard, message);

    /// <summary>Ends a claim, and sends those on their way that waited for it.</summary>
    public void Release(ulong key)
    {
        if (Of(key).Release(key) is { } waiting)
        {
            waiting.ForEach(static one => Scheduler.Send(one.Shard, one.Message));
        }
    }

    /// <summary>Adds an event's id and tells the labels that wait for it. They wait on until each has <see cref="Arrived"/>.</summary>
    public bool AddAndFindWaiting(ulong key, long position, [NotNullWhen(true)] out List<WaitingLabel>? waiting) =>
        Of(key).AddAndFindWaiting(key, position, out waiting);

    /// <summary>The recent positions of a key, oldest first. Older ones are in the database, and are moved there before they leave here: look here first.</summary>
    public void Find(ulong key, List<long> positions) => Of(key).Find(key, positions);

    public bool Holds(ulong key) => Of(key).Holds(key);

    /// <summary>Has a label wait for its event; false where the event has come meanwhile.</summary>
    public bool Wait(ulong eventKey, WaitingLabel label) => Of(eventKey).Wait(eventKey, label);

    /// <summary>A waiting label has found its event, and the journal says so.</summary>
    public void Arrived(ulong eventKey, long waitedAt) => Of(eventKey).Arrived(eventKey, waitedAt);

    /// <summary>Adds a stripe's entries up to a position to a list.</summary>
    public void CollectUpTo(int stripe, long position, List<(ulong Key, long Position)> entries) => _stripes[stripe].Collect(position, entries);

    /// <summary>Forgets a stripe's entries up to a position, which are on disk.</summary>
    public void DropUpTo(int stripe, long position) => _stripes[stripe].Drop(position);

    public List<WaitingLabel> CollectWaiting()
    {
        var labels = new List<WaitingLabel>();
        foreach (var stripe in _stripes)
        {
            stripe.CollectWaiting(labels);
        }

        return labels;
    }

    public void Clear()
    {
        foreach (var stripe in _stripes)
        {
            stripe.Clear();
        }
    }

    /// <summary>Has a label wait, on recovery: labels that found their event are taken out by <see cref="Arrived"/>.</summary>
    public void Restore(WaitingLabel label) => Of(label.EventKey).Restore(label);

    private Stripe Of(ulong key) => _stripes[key >> 58];

    private sealed class Stripe
    {
        private const int Smallest = 1024;

        private readonly Lock _lock = new();
        private (ulong Key, long Position)[] _slots = new (ulong, long)[Smallest];
        private int _count;
        private readonly Dictionary<ulong, List<(Shard, ShardMessage)>?> _claims = [];
        private Dictionary<ulong, List<WaitingLabel>>? _waiting;

        public int CountNow()
        {
            lock (_lock)
            {
                return _count;
            }
        }

        public long BytesNow()
        {
            lock (_lock)
            {
                return (long)_slots.Length * (sizeof(ulong) + sizeof(long));
            }
        }

        public void Add(ulong key, long position)
        {
            lock (_lock)
            {
                AddUnderLock(key, position);
            }
        }

        public bool AddAndFindWaiting(ulong key, long position, [NotNullWhen(true)] out List<WaitingLabel>? waiting)
        {
            lock (_lock)
            {
                AddUnderLock(key, position);
                waiting = _waiting is not null && _waiting.TryGetValue(key, out var labels) ? [.. labels] : null;
                return waiting is not null;
            }
        }

        public IdClaim TryClaim(ulong key, StoredIds stored)
        {
            lock (_lock)
            {
                return ClaimUnderLock(key, stored);
            }
        }

        public IdClaim TryClaimOrWait(ulong key, StoredIds stored, Shard shard, ShardMessage message)
        {
            lock (_lock)
            {
                var claim = ClaimUnderLock(key, stored);
                if (claim == IdClaim.Taken)
                {
                    _claims[key] = [.. _claims[key] ?? [], (shard, message)];
                }

                return claim;
            }
        }

        public List<(Shard Shard, ShardMessage Message)>? Release(ulong key)
        {
            lock (_lock)
            {
                return _claims.Remove(key, out var waiting) ? waiting : null;
            }
        }

        public void Find(ulong key, List<long> positions)
        {
            lock (_lock)
            {
                var mask = _slots.Length - 1;
                for (var i = (int)key & mask; _slots[i].Position != 0; i = (i + 1) & mask)
                {
                    if (_slots[i].Key == key)
                    {
                        positions.Add(_slots[i].Position);
                    }
                }
            }
        }

        public bool Holds(ulong key)
        {
            lock (_lock)
            {
                return HoldsUnderLock(key);
            }
        }

        public bool Wait(ulong eventKey, WaitingLabel label)
        {
            lock (_lock)
            {
                if (HoldsUnderLock(eventKey))
                {
                    return false;
                }

                AddWaiting(label);
                return true;
            }
        }

        public void Restore(WaitingLabel label)
        {
            lock (_lock)
            {
                AddWaiting(label);
            }
        }

        public void Arrived(ulong eventKey, long waitedAt)
        {
            lock (_lock)
            {
                if (_waiting is not null && _waiting.TryGetValue(eventKey, out var labels)
                    && labels.RemoveAll(label => label.Position == waitedAt) > 0 && labels.Count == 0)
                {
                    _waiting.Remove(eventKey);
                }
            }
        }

        public void Collect(long position, List<(ulong Key, long Position)> entries)
        {
            lock (_lock)
            {
                foreach (var slot in _slots)
                {
                    if (slot.Position != 0 && slot.Position <= position)
                    {
                        entries.Add(slot);
                    }
                }
            }
        }

        public void Drop(long position)
        {
            lock (_lock)
            {
                var old = _slots;
                _count = old.Count(slot => slot.Position > position);
                var fitting = Smallest;
                while (IsFull(_count, fitting))
                {
                    fitting *= 2;
                }

                _slots = new (ulong, long)[fitting];
                foreach (var slot in old)
                {
                    if (slot.Position > position)
                    {
                        Place(_slots, slot.Key, slot.Position);
                    }
                }
            }
        }

        public void CollectWaiting(List<WaitingLabel> labels)
        {
            lock (_lock)
            {
                foreach (var waiting in _waiting?.Values ?? Enumerable.Empty<List<WaitingLabel>>())
                {
                    labels.AddRange(waiting);
                }
            }
        }

        // Claims stay: the call that holds a claim releases it.
        public void Clear()
        {
            lock (_lock)
            {
                Array.Clear(_slots);
                (_count, _waiting) = (0, null);
            }
        }

        private IdClaim ClaimUnderLock(ulong key, StoredIds stored)
        {
            if (!_claims.TryAdd(key, null))
            {
                return IdClaim.Taken;
            }

            return HoldsUnderLock(key) || stored.MayHold(key) ? IdClaim.Seen : IdClaim.New;
        }

        private void AddWaiting(WaitingLabel label)
        {
            _waiting ??= [];
            if (!_waiting.TryGetValue(label.EventKey, out var labels))
            {
                _waiting.Add(label.EventKey, labels = []);
            }

            labels.Add(label);
        }

        private bool HoldsUnderLock(ulong key)
        {
            var mask = _slots.Length - 1;
            for (var i = (int)key & mask; _slots[i].Position != 0; i = (i + 1) & mask)
            {
                if (_slots[i].Key == key)
                {
                    return true;
                }
            }

            return false;
        }

        // A key may be there more than once: two ids may share a hash.
        private void AddUnderLock(ulong key, long position)
        {
            if (IsFull(_count, _slots.Length))
            {
                Grow();
            }

            Place(_slots, key, position);
            _count++;
        }

        private void Grow()
        {
            var grown = new (ulong, long)[_slots.Length * 2];
            foreach (var slot in _slots)
            {
                if (slot.Position != 0)
                {
                    Place(grown, slot.Key, slot.Position);
                }
            }

            _slots = grown;
        }

        private static bool IsFull(int count, int slots) => (count + 1) * 4 > slots * 3;

        private static void Place((ulong Key, long Position)[] slots, ulong key, long position)
        {
            var mask = slots.Length - 1;
            var i = (int)key & mask;
            while (slots[i].Position != 0)
            {
                i = (i + 1) & mask;
            }

            slots[i] = (key, position);
        }
    }
}

/// <summary>What becomes of an attempt to claim an id.</summary>
internal enum IdClaim : byte
{
    /// <summary>Another event that is not journaled yet has it.</summary>
    Taken = 0,

    /// <summary>It is claimed, and was certainly not seen before.</summary>
    New = 1,

    /// <summary>It is claimed, and may have been seen before: the records say.</summary>
    Seen = 2,
}

/// <summary>A label that was taken in before its event: where the journal has it.</summary>
internal sealed record WaitingLabel(long Position, ulong EventKey);
