"""SyncFusion: video in, the moments found and editable, the sound of your choice rendered there."""
