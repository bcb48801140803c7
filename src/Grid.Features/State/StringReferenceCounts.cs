using Grid.Features.Plans;

namespace Grid.Features.State;

/// <summary>Keeps count of the texts that columns hold: one more for a value that comes, one less for each that goes.</summary>
internal sealed class StringReferenceCounts(TextTable texts)
{
    private readonly TreePath _path = new();

    public void Hold(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            texts.Hold(texts[key]);
        }
    }

    public void Release(ColumnLayout column, long key)
    {
        if (column.Plan.Storage == ColumnStorage.Text)
        {
            texts.Release(key);
        }
    }

    /// <summary>Releases what the first events of a leaf hold.</summary>
    public void Release(Leaf leaf, int events)
    {
        foreach (var column in leaf.Layout.Columns)
        {
            if (column.Plan.Storage != ColumnStorage.Text)
            {
                continue;
            }

            var values = leaf.Column(column.Ordinal);
            for (var i = 0; i < events; i++)
            {
                if (!values.IsMissing(i))
                {
                    texts.Release(values.Key(i));
                }
            }
        }
    }

    /// <summary>Releases what all events of a timeline of an entity hold.</summary>
    public void Release(KindState kind, int entity, int timeline)
    {
        var walk = kind.Trees[timeline].Walk;
        if (!kind.Layout.Timelines[timeline].HasTexts || !walk.TryFirst(entity, _path))
        {
            return;
        }

        do
        {
            Release(walk.LeafOf(_path), walk.LeafOf(_path).Count);
        }
        while (walk.StepOn(_path));
    }
}
