namespace Grid.Orleans;

/// <summary>What is to be ranked: the request, then the candidates.</summary>
internal sealed class RankRequestFormat : MessageFormat<RankRequest>
{
    public override bool IsImmutable => false;

    public override void Write(MessageWriter writer, RankRequest message)
    {
        Formats.Event.Write(writer, message.Request);
        writer.All(Formats.Event, message.Candidates);
    }

    public override RankRequest Read(ref MessageReader reader) => new(Formats.Event.Read(ref reader), reader.All(Formats.Event));

    public override RankRequest Copy(RankRequest message) => new(Formats.Event.Copy(message.Request), [.. message.Candidates.Select(Formats.Event.Copy)]);
}

/// <summary>A ranking: its members in the order they are declared. The names of features and outputs, which all candidates share, are written once.</summary>
internal sealed class RankingFormat : MessageFormat<Ranking>
{
    public override void Write(MessageWriter writer, Ranking message)
    {
        AnswerFormat.WriteHead(writer, (message.Id, message.Name, message.Owner, message.EventId, message.At));
        writer.Text(message.Model);
        writer.TextOrNull(message.FallbackModel);
        writer.Text(message.Bundle);
        AnswerFormat.WriteFlags(writer, message.Fallback, message.Duplicate);
        writer.VarUInt((ulong)message.TimedOut.Count);
        foreach (var timedOut in message.TimedOut)
        {
            writer.Entity(timedOut);
        }

        writer.VarUInt((ulong)message.Items.Count);
        RankedItem? before = null;
        foreach (var item in message.Items)
        {
            RankedItemFormat.Write(writer, item, before);
            before = item;
        }
    }

    public override Ranking Read(ref MessageReader reader)
    {
        var (id, name, owner, eventId, at) = AnswerFormat.ReadHead(ref reader);
        var (model, late, bundle) = (reader.Text(), reader.TextOrNull(), reader.Text());
        var (fallback, duplicate, _) = AnswerFormat.ReadFlags(ref reader);
        var timedOut = new EntityId[reader.Count()];
        for (var i = 0; i < timedOut.Length; i++)
        {
            timedOut[i] = reader.Entity();
        }

        var items = new RankedItem[reader.Count()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = RankedItemFormat.Read(ref reader, i == 0 ? null : items[i - 1]);
        }

        return new()
        {
            Id = id,
            Name = name,
            Owner = owner,
            EventId = eventId,
            At = at,
            Items = items,
            Model = model,
            FallbackModel = late,
            Bundle = bundle,
            Fallback = fallback,
            Duplicate = duplicate,
            TimedOut = timedOut,
        };
    }
}

/// <summary>One candidate of a ranking. Names that are those of the candidate before are not written again.</summary>
internal static class RankedItemFormat
{
    private const byte FallbackBit = 1;
    private const byte ByFallbackModelBit = 2;
    private const byte SameNamesBit = 4;
    private const byte LargeOutputsBit = 8;

    public static void Write(MessageWriter writer, RankedItem item, RankedItem? before)
    {
        var isSame = before is not null && HasSameNames(item, before);
        var hasLarge = LargeOutputsFormat.IsNeeded(item.Outputs);
        writer.Byte((byte)((item.Fallback ? FallbackBit : 0) | (item.ByFallbackModel ? ByFallbackModelBit : 0) | (isSame ? SameNamesBit : 0) | (hasLarge ? LargeOutputsBit : 0)));
        writer.Text(item.Key);
        writer.VarUInt((ulong)(item.Place ?? 0));
        writer.Text(item.Action);
        writer.Double(item.Score);
        writer.Texts(item.Reasons);
        writer.Texts(item.TimedOut);
        writer.VarUInt((ulong)item.Features.Count);
        foreach (var feature in item.Features)
        {
            if (!isSame)
            {
                writer.Text(feature.Name);
            }

            FeatureFormat.WriteRest(writer, feature);
        }

        writer.VarUInt((ulong)item.Outputs.Count);
        foreach (var output in item.Outputs)
        {
            if (!isSame)
            {
                writer.Text(output.Name);
            }

            writer.Double(output.Value);
        }

        if (hasLarge)
        {
            LargeOutputsFormat.Write(writer, item.Outputs);
        }
    }

    public static RankedItem Read(ref MessageReader reader, RankedItem? before)
    {
        var bits = reader.Byte();
        var isSame = (bits & SameNamesBit) != 0;
        if (isSame && before is null)
        {
            throw new InvalidDataException("A ranking's first candidate has no names.");
        }

        var (key, place, action, score) = (reader.Text(), reader.VarUInt(), reader.Text(), reader.Double());
        var (reasons, timedOut) = (reader.Texts(), reader.Texts());
        var features = new FeatureReading[CountOf(ref reader, isSame ? before!.Features.Count : null)];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = FeatureFormat.ReadRest(ref reader, isSame ? before!.Features[i].Name : reader.Text());
        }

        var outputs = new DecisionOutput[CountOf(ref reader, isSame ? before!.Outputs.Count : null)];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new(isSame ? before!.Outputs[i].Name : reader.Text(), reader.Double());
        }

        if ((bits & LargeOutputsBit) != 0)
        {
            LargeOutputsFormat.Read(ref reader, outputs);
        }

        return new()
        {
            Key = key,
            Place = place == 0 ? null : checked((int)place),
            Action = action,
            Score = score,
            Reasons = reasons,
            Features = features,
            Outputs = outputs,
            TimedOut = timedOut,
            ByFallbackModel = (bits & ByFallbackModelBit) != 0,
            Fallback = (bits & FallbackBit) != 0,
        };
    }

    private static int CountOf(ref MessageReader reader, int? same) =>
        reader.Count() is var count && (same is null || same == count) ? count : throw new InvalidDataException($"A candidate has {count} names, and the one before has {same}.");

    private static bool HasSameNames(RankedItem item, RankedItem before) =>
        item.Features.Count == before.Features.Count && item.Outputs.Count == before.Outputs.Count
        && item.Features.Zip(before.Features).All(pair => pair.First.Name == pair.Second.Name)
        && item.Outputs.Zip(before.Outputs).All(pair => pair.First.Name == pair.Second.Name);
}

/// <summary>A user's search.</summary>
internal sealed class SearchFormat : MessageFormat<Search>
{
    public override void Write(MessageWriter writer, Search message)
    {
        writer.TextOrNull(message.SearchId);
        EventTimeFormat.WriteOrNull(writer, message.At);
        writer.TextOrNull(message.Searched);
        writer.Decimal(message.Basket);
        writer.VarUInt((ulong)message.Candidates.Count);
        foreach (var candidate in message.Candidates)
        {
            writer.TextOrNull(candidate.Restaurant);
            writer.TextOrNull(candidate.CourierArea);
            writer.TextOrNull(candidate.Cuisine);
            writer.Decimal(candidate.DistanceKm);
        }
    }

    public override Search Read(ref MessageReader reader)
    {
        var id = reader.TextOrNull()!;
        var at = EventTimeFormat.ReadOrNull(ref reader);
        var (searched, basket) = (reader.TextOrNull(), reader.Decimal());
        var candidates = new Candidate[reader.Count()];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = new(reader.TextOrNull()!, reader.TextOrNull()!, reader.TextOrNull()!, reader.Decimal());
        }

        return new(id, at, searched, basket, candidates);
    }
}
